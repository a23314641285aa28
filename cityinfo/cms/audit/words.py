"""What was done, as people say it."""

from __future__ import annotations

from cityinfo.kernel.i18n import _


def actions() -> dict[str, str]:
    """Every action of the log in words."""
    return {
        **_of_texts(),
        **_of_entries(),
        **_of_people(),
        **_from_readers(),
        **_of_the_commons(),
        **_of_the_city(),
        **_of_machines(),
    }


def _of_texts() -> dict[str, str]:
    return {
        "TextSaved": _("Text saved"),
        "TextSubmitted": _("Text submitted for review"),
        "TextReturned": _("Text returned"),
        "TextPublished": _("Text published"),
        "TextConfirmed": _("Translation confirmed"),
        "TextScheduled": _("Text scheduled"),
        "TextTakenOffline": _("Text taken offline"),
        "CommentWritten": _("Comment written"),
        "CommentChanged": _("Comment changed"),
        "CommentDeleted": _("Comment deleted"),
        "CommentsResolved": _("Comments resolved"),
        "CommentsReopened": _("Comments reopened"),
        "TextHandedOver": _("Text handed over to a colleague"),
        "CommentsHandedOver": _("Comments handed over to a colleague"),
    }


def _of_entries() -> dict[str, str]:
    return {
        "EntryCreated": _("Created"),
        "EntryChanged": _("Facts changed"),
        "EntryArchived": _("Archived"),
        "EntryRestored": _("Brought back"),
        "EntryDeleted": _("Deleted for good"),
        "KeywordsChanged": _("Keywords changed"),
        "PageMoved": _("Page moved"),
        "PageMirrored": _("Mirrored text changed"),
        "PageOffersChanged": _("Offers of a page changed"),
        "MembersChanged": _("Members of an organization changed"),
        "FileMoved": _("File moved to another folder"),
        "EventTakenBack": _("Event taken back from a calendar"),
        "CalendarAdded": _("Calendar added"),
        "CalendarChanged": _("Calendar changed"),
        "CalendarRemoved": _("Calendar removed"),
        "CalendarImported": _("Calendar taken over"),
        "FeedChanged": _("News of another publisher changed"),
    }


def _of_people() -> dict[str, str]:
    return {
        "AccountCreated": _("Account created"),
        "AccountChanged": _("Account changed"),
        "AccountDeleted": _("Account deleted"),
        "MembershipGranted": _("Role given"),
        "MembershipChanged": _("Role changed"),
        "MembershipRevoked": _("Role ended"),
        "WorkHandedOver": _("Work handed over, roles ended"),
        "CityTested": _("City looked at on a phone"),
        "CityShown": _("New city shown to readers"),
        "MunicipalitiesBroughtIn": _("Directory of municipalities brought up to date"),
        "StaffEntered": _("Staff of the platform entered the city"),
        "LoggedIn": _("Logged in"),
        "SessionEnded": _("Login ended"),
        "LinkAsked": _("Link by letter asked for"),
        "PasswordChanged": _("Password changed"),
        "SecondFactorAdded": _("Second factor added"),
        "SecondFactorRemoved": _("Second factor removed"),
        "SecondFactorRequired": _("Second factor of managers decided"),
        "RecoveryCodesMade": _("Recovery codes made"),
        "RecoveryCodeUsed": _("Recovery code used"),
    }


def _from_readers() -> dict[str, str]:
    return {
        "FeedbackRead": _("Feedback read"),
        "FeedbackAnswered": _("Feedback answered"),
        "FeedbackForwarded": _("Feedback forwarded"),
        "FeedbackArchived": _("Feedback archived"),
        "FeedbackRestored": _("Feedback brought back"),
        "FeedbackTakenOver": _("Feedback taken over from an archive"),
        "ChangeProposed": _("Change proposed"),
        "ProposalAccepted": _("Proposal accepted"),
        "ProposalReturned": _("Proposal returned"),
        "ProposalWithdrawn": _("Proposal withdrawn"),
        "SynonymsAdded": _("Synonyms added"),
        "SynonymsChanged": _("Synonyms changed"),
        "SynonymsRemoved": _("Synonyms removed"),
    }


def _of_the_commons() -> dict[str, str]:
    return {
        "PageOffered": _("Page offered to other cities"),
        "OfferWithdrawn": _("Page offered no longer"),
        "PageSubscribed": _("Page of another city subscribed to"),
        "SubscriptionChanged": _("How a page of another city comes changed"),
        "SubscriptionEnded": _("Subscription to a page of another city ended"),
        "CorrectionSent": _("Correction sent to another city"),
    }


def _of_the_city() -> dict[str, str]:
    return {
        "TenantChanged": _("Settings of the city changed"),
        "TenantCloned": _("City made from another one"),
        "UpdateDecided": _("Update from the template decided"),
        "EntryDetached": _("Following the template ended or begun again"),
        "FollowingChanged": _("Which city is followed"),
        "MoveInAsked": _("City brought here from another system"),
        "MoveInEnded": _("City is written here from now on"),
        "PlaceChanged": _("Place of the city changed"),
        "TenantClosed": _("City closed"),
        "TenantRestored": _("City restored"),
        "ArchiveAsked": _("Archive of the city asked for"),
        "TenantDeleted": _("City deleted, its log ended"),
        "DeletionProved": _("Looked whether anything of a deleted city is left"),
        "LanguagesChanged": _("Languages changed"),
        "LetterStyleChanged": _("Sender and signature of letters changed"),
        "PlaceholdersDeclared": _("Other facts asked for in texts"),
        "PlaceholdersFilled": _("Facts in texts changed"),
        "GatesChanged": _("Gates of quality changed"),
        "CategoryChanged": _("Category changed"),
        "ExternalOffersChanged": _("Offers of other systems changed"),
        "RegistryChanged": _("Language of the registry changed"),
        "CommonCategoryChanged": _("Category of all cities changed"),
        "OfferTemplateChanged": _("Offer of another system changed for all cities"),
        "AnnouncementChanged": _("Message to all editors changed"),
        "QuotaSet": _("Space for files set"),
    }


def _of_machines() -> dict[str, str]:
    return {
        "TokenCreated": _("Token made"),
        "TokenRevoked": _("Token revoked"),
        "WebhookAdded": _("Webhook added"),
        "WebhookChanged": _("Webhook changed"),
        "WebhookRemoved": _("Webhook removed"),
        "WebhookRotated": _("Secret of a webhook renewed"),
        "WebhookReplayed": _("Webhook told again"),
        "WebhookStopped": _("Webhook stopped"),
        "JobChanged": _("Background work tried again or called off"),
    }
