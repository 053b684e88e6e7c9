//! Elements as the text that the server sends.

use html_escape::{encode_double_quoted_attribute_to_string, encode_text_to_string};

use super::{Content, El, Inner, Node, Value};

/// Appends an element. What is computed is computed once.
pub(super) fn write(El(inner): El, html: &mut String) {
    let Inner {
        tag,
        attributes,
        content,
        ..
    } = *inner;
    html.push('<');
    html.push_str(tag);
    for (name, value) in attributes {
        let value = match value {
            Value::Fixed(value) => value,
            Value::Computed(mut value) => match value() {
                Some(value) => value.into(),
                None => continue,
            },
        };
        html.push(' ');
        html.push_str(name);
        html.push_str("=\"");
        encode_double_quoted_attribute_to_string(value, html);
        html.push('"');
    }
    html.push('>');
    if matches!(tag, "img" | "input") {
        return;
    }
    match content {
        Content::Fixed(nodes) => {
            for node in nodes {
                match node {
                    Node::Text(text) => drop(encode_text_to_string(text, html)),
                    Node::El(child) => write(child, html),
                }
            }
        }
        Content::Text(mut text) => drop(encode_text_to_string(text(), html)),
        Content::Part(mut part) => part().into_iter().for_each(|child| write(child, html)),
    }
    html.push_str("</");
    html.push_str(tag);
    html.push('>');
}

#[cfg(test)]
mod tests {
    use super::{super::el, *};

    fn html(el: El) -> String {
        let mut html = String::new();
        write(el, &mut html);
        html
    }

    #[test]
    fn foreign_words_become_neither_elements_nor_attributes() {
        let name = r#"</p><img src=x title="quoted">'&amp;"#;
        let page = html(
            el("p")
                .attr_text("title", name.to_owned())
                .attr_when("data-name", || Some(name.to_owned()))
                .string(name.to_owned())
                .child(el("b").text_of(|| name.to_owned())),
        );
        assert_eq!(page.matches('<').count(), 4, "{page}");
        assert_eq!(page.matches('>').count(), 4, "{page}");
        let (in_attributes, in_texts) = (2 * 2, 2 * 2);
        assert_eq!(
            page.matches('"').count(),
            in_attributes + in_texts,
            "{page}"
        );
        assert_eq!(page.matches("&quot;").count(), 2 * 2, "{page}");
        assert!(page.contains("&lt;/p&gt;&lt;img"), "{page}");
        assert!(page.contains("&amp;amp;"), "{page}");
    }

    #[test]
    fn what_is_computed_is_there_from_the_start() {
        let page = html(
            el("ul")
                .attr_when("hidden", || None)
                .part(|| vec![el("li").text("one"), el("li").text_of(|| "two".to_owned())]),
        );
        assert_eq!(page, "<ul><li>one</li><li>two</li></ul>");
    }

    #[test]
    fn an_image_has_no_end() {
        assert_eq!(html(el("img").attr("alt", "")), r#"<img alt="">"#);
    }
}
