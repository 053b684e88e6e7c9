//! The list of messages. What each says stands in `app/languages/`, under its name in lower case with
//! hyphens: [`Msg::HomeTitle`] is `home-title`.

/// Declares the messages in the order of the lists that browsers are sent: a list for everybody begins
/// at the first, and one for signed-in people ends before those of pages that the server alone draws.
macro_rules! messages {
    (everybody { $($everybody:ident)* } signed_in { $($signed_in:ident)* } server { $($server:ident)* }) => {
        /// A sentence, or another thing that is said on screen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum Msg {
            $(#[doc = stringify!($everybody)] $everybody,)*
            $(#[doc = stringify!($signed_in)] $signed_in,)*
            $(#[doc = stringify!($server)] $server,)*
        }

        impl Msg {
            /// How many a browser is sent where nobody is signed in.
            pub const FOR_EVERYBODY: usize = [$(Self::$everybody,)*].len();

            /// How many a browser is sent where somebody is.
            pub const FOR_SIGNED_IN: usize =
                Self::FOR_EVERYBODY + [$(Self::$signed_in,)*].len();

            /// All names, in order.
            pub const NAMES: &'static [&'static str] = &[
                $(stringify!($everybody),)* $(stringify!($signed_in),)* $(stringify!($server),)*
            ];
        }
    };
}

messages! {
    everybody {
        Skip Account Sessions Inspector InspectorTitle OpenInInspector SignOut GetHelp Reload
        TryAgain StartAgain BackToStart ProviderStatus ProviderSecurity GettingReady Browser BootSlow
        HomeTitle HomeLead RenewLead InspectThisFlow Continue Leaving Preparing WhatIsRequested Scope Meaning
        DifferentAccount ProviderDown ProviderTroubled CouldNotStart OfflineAtStart
        SignInToContinue SignInToSeeAccount CannotStartTitle CannotStart HomeNoscript
        CallbackNoscript CallbackTitle StepDone StepNow StepWaiting CallbackSlow CallbackVerySlow
        NothingWaitingTitle NothingWaiting CallbackFailedTitle CallbackFailed KeepWaiting
        CallbackPaused AccountTitle AllowAccess SessionsTitle RenewedTitle Renewed OpenAccountHere
        SignedOutTitle SignedOut SignedOutEverywhere StillAtProvider SignedOutAtBoth NotRevoked
        StopsWorking SignOutAtProvider OpenProvider SignInAgain Report ReportSecurity
        CopyReference Copied NotCopied NotSignedOut Reference Details HowToFix DetailCode DetailStatus DetailBrowserOnly
        DetailWho ProviderSaid Person Operator Provider SignedInNow OpenAccount
        CallbackStepReceived CallbackStepChecking CallbackStepProfile CancelledTitle CancelledBody
        NotAllowedTitle NotAllowedBody RequestUnreadableTitle RequestUnreadableBody
        ClientNotAllowedTitle ClientNotAllowedBody AnswerTypeTitle AnswerTypeBody
        ScopeRefusedTitle ScopeRefusedBody ProviderFaultTitle ProviderFaultBody ProviderBusyTitle
        ProviderBusyBody SignInNeededTitle SignInNeededBody ConsentNeededTitle ConsentNeededBody
        PickAccountTitle PickAccountBody OptionUnknownTitle OptionUnknownBody StepUpTitle
        StepUpBody TargetUnknownTitle TargetUnknownBody UnrecognisedTitle UnrecognisedBody
        NoStateTitle NoStateBody StateUnmatchedTitle StateUnmatchedBody VerifierLostTitle
        VerifierLostBody TooLongTitle TooLongBody AlreadyUsedTitle AlreadyUsedBody
        AnswerIncompleteTitle AnswerIncompleteBody WrongIssuerTitle WrongIssuerBody
        CodeExpiredTitle CodeExpiredBody ProofMismatchTitle ProofMismatchBody ClientRejectedTitle
        ClientRejectedBody ExchangeRefusedTitle ExchangeRefusedBody AnswerUnreadableTitle
        AnswerUnreadableBody AnswerLostTitle AnswerLostBody IdUntrustedTitle IdUntrustedBody
        ClockSkewTitle ClockSkewBody SubjectMismatchTitle SubjectMismatchBody AccessEndedTitle
        AccessEndedBody ProfileRefusedTitle ProfileRefusedBody ProviderTimeoutTitle
        ProviderTimeoutBody ProviderUnreachableTitle ProviderUnreachableBody MetadataWrongTitle
        MetadataWrongBody OfflineTitle OfflineBody AppUnreachableTitle AppUnreachableBody
        TooManyTitle TooManyBody ProviderLimitTitle ProviderLimitBody SessionExpiredTitle
        SessionExpiredBody SessionOverTitle SessionOverBody SessionRevokedTitle SessionRevokedBody
        StorageBlockedTitle StorageBlockedBody CookiesBlockedTitle CookiesBlockedBody
        InsecurePageTitle InsecurePageBody NoRandomTitle NoRandomBody PageOutdatedTitle
        PageOutdatedBody NotFromHereTitle NotFromHereBody AppBusyTitle AppBusyBody StoreDownTitle
        StoreDownBody NotConfiguredTitle NotConfiguredBody NotFoundTitle NotFoundBody
        UnexpectedTitle UnexpectedBody PageTitle ProblemTitle ScopeOpenid ScopeProfile ScopeEmail
        ScopePhone ScopeAddress ScopeOfflineAccess AskedProfileAndEmail AskedProfile AskedEmail
        AskedIdentifier WaitASecond WaitSeconds WaitAMinute WaitMinutes ReviewAndContinue
        ChooseAnAccount SignInWithSecondStep StartSignIn ReferenceLine ProblemSentence
        HelpTitle DisplayTitle
    }
    signed_in {
        RefreshProfile NotRefreshed VerifyAtProvider ProfileUpdated Profile Name GivenName FamilyName Username Email NotProvided
        Verified NotVerified OnlyIdentifier ProfileKeptBack Access Granted NotGranted AskAgain
        Token Expired ExpiredAndRenews ExpiryUnknown Leave SignOutEverywhere SignOutEverywhereAsk
        ManageAccount SeeSessions Preferences CallMe CallMeHint Times TimesBrowser TimesUtc Save
        Saving Saved NotSavedOffline NotSavedRenewed NotSaved IdleSoon AbsoluteSoon StaySignedIn
        SignOutNow SignInAgainInNewTab SignedInUntil NotExtended OverIdleTitle OverIdle
        OverAbsoluteTitle OverAbsolute OverRevokedTitle OverRevoked OverOtherTabTitle OverOtherTab
        OverProviderTitle OverProvider OtherAccountTitle OtherAccount PageOfOtherAccount
        WorkIsKept CannotKeep SignIn SignInInNewTab SignInHere SignInAsFirst DiscardAndLeave
        DiscardAndContinue ContinueHere SendingAgain Done DraftRestored DraftTooOld AlsoAtProvider
        ExpiresAtTime InSeconds InMinutes InHours RefusedTooLong RefusedUnseenCharacters
        RefusedUnknownTimes AnHour Hours
    }
    server {
        BootFailed Panicked Unsent NotArrivedTitle NotArrivedBody
        SessionsLead SessionsUnknownBrowser SessionsThisBrowser SessionsActiveNow
        SessionsLastActive SessionsSignedInAt SessionsSignOutNamed SessionsSignOutOneAsk
        SessionsSignOutOthers SessionsSignOutOtherAsk SessionsSignOutOthersAsk SessionsShowMore
        SessionsOnlyBrowser SessionsChangePassword SessionsFailed SessionsEnded
        SessionsEndedUnknown SessionsEndedOneOther SessionsEndedOthers SessionsEndedBefore
        SessionsNotEnded SessionsOthersNotEnded SessionsNotThisBrowser SessionsBrowserOn InspectorBanner
        InspectorRun InspectorCopyReport InspectorDownload InspectorClear InspectorEmpty
        InspectorCleared InspectorNotLoaded InspectorCopied InspectorNotCopied InspectorUpdated
        InspectorAttempts InspectorVerdict InspectorChecks InspectorSequence InspectorWaterfall
        InspectorWaterfallNote InspectorHowToFix InspectorFailedAt InspectorAway InspectorCalls
        InspectorOurs InspectorStepsDone InspectorStepsOf InspectorRaw InspectorCopy
        InspectorHeaders InspectorAnswer InspectorNoAnswer InspectorRequest InspectorIdTokenHeader
        InspectorIdTokenClaims InspectorUserinfoClaims InspectorDiffer InspectorName
        InspectorValue InspectorWhy InspectorSource InspectorExpected InspectorEqual
        InspectorUnequal InspectorRemoved InspectorUnknownWhy InspectorStep InspectorStart
        InspectorDuration InspectorWho InspectorBar InspectorBreakIt InspectorBreakLead
        InspectorArm InspectorExpect InspectorStatusRunning InspectorStatusSignedIn
        InspectorStatusFailed InspectorStatusCancelled InspectorStatusExpired
        InspectorStatusMeansRunning InspectorStatusMeansCancelled InspectorStatusMeansExpired
        InspectorStepDiscovery InspectorStepProof InspectorStepAuthorization
        InspectorStepAtProvider InspectorStepCallback InspectorStepToken InspectorStepUserinfo
        InspectorStepSession InspectorStepMeansDiscovery InspectorStepMeansProof
        InspectorStepMeansAuthorization InspectorStepMeansAtProvider InspectorStepMeansCallback
        InspectorStepMeansToken InspectorStepMeansUserinfo InspectorStepMeansSession
        InspectorProgressWaiting InspectorProgressDone InspectorProgressFailed
        InspectorProgressNotReached InspectorVerdictPassed InspectorVerdictFailed
        InspectorVerdictAbsent InspectorVerdictNotReached InspectorCheckState
        InspectorCheckLifetime InspectorCheckIssuer InspectorCheckS256 InspectorCheckOnce
        InspectorCheckSignature InspectorCheckIdTokenIssuer InspectorCheckAudience
        InspectorCheckNonce InspectorCheckTimes InspectorCheckSubject InspectorCheckAtHash
        InspectorCheckSameSubject InspectorCheckRefreshToken InspectorLaneApp
        InspectorLaneProvider InspectorFaultDenied InspectorFaultWrongState
        InspectorFaultInvalidScope InspectorFaultServerError InspectorFaultWrongIssuer
        InspectorFaultTokenInvalidGrant InspectorFaultToken500 InspectorFaultIdTokenExpired
        InspectorFaultIdTokenWrongNonce InspectorFaultUserinfo500 InspectorFaultTokenSlow
        InspectorFaultUserinfoOtherSub WhyResponseType WhyClientId WhyRedirectUri WhyScope
        WhyState WhyNonce WhyCodeChallenge WhyCodeChallengeMethod WhyPrompt WhyRequestUri
        WhyResource WhyGrantType WhyCode WhyCodeVerifier WhyClientSecret WhyClientAssertion
        WhyClientAssertionType WhyError WhyErrorDescription WhyErrorUri WhyAccessToken
        WhyRefreshToken WhyIdToken WhyTokenType WhyExpiresIn WhySessionState WhyIss WhySub WhyAud
        WhyAzp WhyExp WhyIat WhyNbf WhyAuthTime WhyAtHash WhyCHash WhyAcr WhyAmr WhySid WhyJti
        WhyAlg WhyKid WhyTyp WhyName WhyPreferredUsername WhyEmail WhyEmailVerified WhyPicture
        WhyLocale WhyUpdatedAt WhyIssuer WhyAuthorizationEndpoint WhyTokenEndpoint
        WhyUserinfoEndpoint WhyJwksUri WhyPushedAuthorizationRequestEndpoint
        WhyAuthorizationResponseIssParameterSupported WhyTokenEndpointAuthMethod WhyAuthorization
        WhyContentType WhyAccept WhyCacheControl WhyDate WhyRetryAfter WhyUserAgent WhyHttpOnly
        WhySecure WhySameSite WhyCookie WhyPath WhyMaxAge WhyIdle WhyAbsolute
        InspectorKnownOfProvider InspectorSessionCookie InspectorCameBack InspectorParameters
        InspectorFaultNone InspectorExpectSignedIn InspectorExpectInBrowser
        InspectorAsExpected InspectorNotAsExpected InspectorNotRun
        InspectorNotArmed InspectorOnPurpose InspectorBreakNote InspectorBreakEverybody
        InspectorToCheck InspectorToCheckDiscovery InspectorToCheckProof
        InspectorToCheckAuthorization InspectorToCheckAtProvider InspectorToCheckCallback
        InspectorToCheckToken InspectorToCheckUserinfo InspectorToCheckSession
        InspectorLikeliest InspectorSameRequest InspectorNotReachedYet
        InspectorNow
        FooterHelp FooterSource FooterPrivacy FooterTheme FooterThemeAndLanguage MenuOpen
        MenuSignedInAs DisplayLead DisplayTheme DisplaySystem DisplaySystemHint DisplayLight
        DisplayDark DisplayLanguage DisplayAsked DisplayBack HelpLead HelpWhen HelpStartAgain
        HelpSameTab HelpAllow HelpWait HelpAsk HelpAskReference HelpAskAt HelpAskByMail
        HelpAskNobody HelpAll HelpAllLead HelpByPerson HelpByPersonLead HelpByOperator
        HelpByOperatorLead HelpByProvider HelpByProviderLead
    }
}
