using Perennial.Protocol;
using Perennial.Protocol.Access;
using Perennial.Protocol.Provisioning.CaCertificates;
using Perennial.Protocol.Provisioning.Enrollments;
using Perennial.Protocol.Provisioning.LinkedHubs;
using Perennial.Protocol.Rolling;
using Perennial.Server.Audit;
using Perennial.Server.Notices;

namespace Perennial.Server.OpenApi;

/// <summary>The REST API of the provisioning service.</summary>
internal static class ProvisioningOperations
{
    private const string Enrollments = "Individual enrollments";
    private const string Groups = "Enrollment groups";
    private const string Read = "EnrollmentRead";
    private const string Write = "EnrollmentWrite";
    private const string Config = "ServiceConfig";
    private const string Every = "every right of the service";

    internal static readonly (string, string)[] DryRun =
    [
        ("dryRun", "true tells what the change would do to devices, and changes nothing."),
        ("list", "With dryRun: the devices of one outcome, by pages."),
        ("format", "With dryRun: csv for all devices as a table."),
    ];

    private static readonly (string, string) Slot = ("slot", "primary or secondary.");

    public static IEnumerable<ApiOperation> All =>
    [
        .. OfEnrollments<IndividualEnrollmentDocument>("/enrollments", Enrollments, "an individual enrollment"),
        .. OfEnrollments<EnrollmentGroupDocument>("/enrollmentGroups", Groups, "an enrollment group"),
        .. Rolls,
        .. Blocks,
        .. Breaches,
        .. Registrations,
        .. Certificates,
        .. Hubs,
        .. OfPolicies("/policies", Every),
        .. Trail,
        .. Webhooks,
    ];

    /// <summary>The policies below a path.</summary>
    public static IEnumerable<ApiOperation> OfPolicies(string path, string right)
    {
        const string Tag = "Shared access policies";
        (string, string) keys = ("keys", "true shows keys.");
        yield return new ApiOperation("GET", path, Tag, right, "Lists the policies.").GivesMany<PolicyDocument>().With(keys);
        yield return new ApiOperation("GET", $"{path}/{{name}}", Tag, right, "Shows a policy.").Gives<PolicyDocument>().With(keys);
        yield return new ApiOperation("PUT", $"{path}/{{name}}", Tag, right, "Makes a policy, or changes its rights.").Takes<PolicyDocument>().Gives<PolicyDocument>();
        yield return new ApiOperation("DELETE", $"{path}/{{name}}", Tag, right, "Deletes a policy.");
        yield return new ApiOperation("POST", $"{path}/{{name}}/roll", Tag, right, "Rolls one key.").Gives<PolicyDocument>().With(Slot);
        yield return new ApiOperation("POST", $"{path}/{{name}}/swap", Tag, right, "Exchanges the keys.").Gives<PolicyDocument>();
    }

    private static IEnumerable<ApiOperation> OfEnrollments<T>(string path, string tag, string what)
        where T : class, IWireDocument<T>
    {
        var one = $"{path}/{{id}}";
        yield return new ApiOperation("GET", one, tag, Read, $"Shows {what}, without symmetric keys.").Gives<T>();
        yield return new ApiOperation("PUT", one, tag, Write, $"Makes or replaces {what}.").Takes<T>().Gives<T>().IfMatch().With(DryRun);
        yield return new ApiOperation("DELETE", one, tag, Write, $"Deletes {what}.").IfMatch().With(DryRun);
        yield return new ApiOperation("POST", $"{path}/query", tag, Read, "Lists those that a query takes.").Takes<QuerySpecification>().GivesMany<T>(byPages: true);
        yield return new ApiOperation("POST", $"{one}/attestationmechanism", tag, $"{Read} and {Write}", "Shows how it attests, with keys and certificates.").Gives<AttestationDocument>();
        yield return new ApiOperation("POST", path, tag, Write, "Makes, changes or deletes up to ten, each for itself.").Takes<BulkOperationDocument>().Gives<BulkResultDocument>();
        yield return new ApiOperation("GET", $"{one}/proof", tag, Read, "Shows which devices have used the certificate of a slot.").Gives<ProofDocument>().With(Slot);
        yield return new ApiOperation("POST", $"{one}/retire", tag, Write, "Empties a slot once every device has used the other one's certificate.").Gives<T>().With(Slot).With(DryRun);
    }

    private static IEnumerable<ApiOperation> Rolls
    {
        get
        {
            const string Tag = "Rolls";
            const string One = "/rolls/{id}";
            yield return new ApiOperation("GET", "/expiry", Tag, Read, "Tells who would be refused at a moment if nothing was rolled until then.").Gives<ExpiryDocument>().With(("at", "A day or a moment to come."));
            yield return new ApiOperation("GET", "/rolls", Tag, Read, "Lists the rolls.").GivesMany<RollDocument>(byPages: true);
            yield return new ApiOperation("GET", One, Tag, Read, "Shows a roll and how far it has come.").Gives<RollDocument>();
            yield return new ApiOperation("PUT", One, Tag, Write, "Plans a roll of a group's signing certificate, or of leaves; or plans one anew that was not started.").Takes<RollRequestDocument>().Gives<RollDocument>();
            yield return new ApiOperation("GET", $"{One}/devices", Tag, Read, "Lists the devices of a roll.").GivesMany<RollDeviceDocument>(byPages: true).With(("open", "true lists those only that are not done."));
            yield return new ApiOperation("POST", $"{One}/devices/{{device}}/waive", Tag, Write, "Lets a device hold up the retirement no longer, with a reason.").Takes<WaiverDocument>().Gives<RollDocument>();
            yield return new ApiOperation("GET", $"{One}/proof", Tag, Read, "Gives the signed report of a roll that ended; check it with perennial proof verify.");
            yield return new ApiOperation("GET", $"{One}/proof.html", Tag, Read, "Gives the same report as a page to read and print.");
            yield return new ApiOperation("POST", $"{One}/rehearse", Tag, Write, "Begins to rehearse a roll that was not started.").Takes<RehearseRequestDocument>().Gives<RehearsalDocument>();
            yield return new ApiOperation("GET", $"{One}/rehearsal", Tag, Read, "Shows the last rehearsal of a roll, and what it found.").Gives<RehearsalDocument>();
            yield return new ApiOperation("DELETE", $"{One}/rehearsal", Tag, Write, "Stops the rehearsal of a roll.");
            yield return new ApiOperation("GET", $"{One}/rehearsal/lost", Tag, Read, "Lists the devices that would lose access, by when they would.").GivesMany<LostDeviceDocument>(byPages: true);
            yield return new ApiOperation("POST", $"{One}/start", Tag, Write, "Starts a roll that was rehearsed, or one that was not for a reason that is kept.").Takes<RollStartDocument>().Gives<RollDocument>();
            yield return new ApiOperation("POST", $"{One}/pause", Tag, Write, "Offers nothing more until it is resumed.").Gives<RollDocument>();
            yield return new ApiOperation("POST", $"{One}/resume", Tag, Write, "Goes on after a pause or a halt.").Gives<RollDocument>();
            yield return new ApiOperation("GET", "/capacity", Tag, Read, "Tells what the service was measured to bear.").Gives<CapacityDocument>();
            yield return new ApiOperation("POST", "/capacity", Tag, Write, "Measures what the service bears, for some seconds and beside its usual work; rolls keep to it.").Gives<CapacityDocument>();
            yield return new ApiOperation("POST", $"{One}/hasten", Tag, Write, "Moves the windows that devices were told into the past, with a reason: they are to roll now.").Takes<RollHasteDocument>().Gives<RollDocument>();
            yield return new ApiOperation("POST", $"{One}/rollBack", Tag, Write, "Turns a roll back: devices that moved are offered to go back, and the new certificate is retired when none uses it.").Gives<RollDocument>();
            yield return new ApiOperation("POST", $"{One}/abort", Tag, Write, "Ends a roll: the old certificate stays, and offers that no device followed are withdrawn.").Gives<RollDocument>();
        }
    }

    private static IEnumerable<ApiOperation> Blocks
    {
        get
        {
            const string Tag = "Blocks";
            const string One = "/blocks/{kind}/{name}";
            yield return new ApiOperation("GET", "/blocks", Tag, Read, "Lists what is refused everywhere.").GivesMany<BlockDocument>(byPages: true);
            yield return new ApiOperation("GET", One, Tag, Read, "Shows one block, and how far a drain is.").Gives<BlockDocument>();
            yield return new ApiOperation("PUT", One, Tag, Write, "Blocks a certificate, an issuer, a device or a group, or drains a certificate or an issuer, and drops its live connections.").Takes<BlockRequestDocument>().Gives<BlockDocument>().With(DryRun);
            yield return new ApiOperation("DELETE", One, Tag, Write, "Takes a block away.").With(DryRun);
        }
    }

    private static IEnumerable<ApiOperation> Breaches
    {
        get
        {
            const string Tag = "Breaches";
            const string One = "/breaches/{id}";
            yield return new ApiOperation("GET", "/breaches", Tag, Read, "Lists the breaches, those that are open first.").GivesMany<BreachDocument>(byPages: true);
            yield return new ApiOperation("POST", "/breaches", Tag, Write, "Opens a breach; nothing is blocked by that.").Takes<BreachRequestDocument>().Gives<BreachDocument>();
            yield return new ApiOperation("GET", One, Tag, Read, "Shows a breach, and which steps out of it are done.").Gives<BreachDocument>();
            yield return new ApiOperation("POST", $"{One}/block", Tag, Write, "Blocks what was compromised, or drains it, and drops its live connections.").Takes<BreachBlockDocument>().Gives<BreachDocument>().With(DryRun);
            yield return new ApiOperation("POST", $"{One}/roll", Tag, Write, "Plans a roll from the compromised certificate to the one in the other slot.").Takes<BreachRollDocument>().Gives<BreachDocument>();
            yield return new ApiOperation("POST", $"{One}/takeOut", Tag, Write, "Saves the enrollment without the compromised certificate.").Gives<BreachDocument>().With(DryRun);
            yield return new ApiOperation("POST", $"{One}/close", Tag, Write, "Closes a breach; its block stands until it is taken away.").Gives<BreachDocument>();
        }
    }

    private static IEnumerable<ApiOperation> Registrations
    {
        get
        {
            const string Tag = "Registrations";
            const string StatusRead = "RegistrationStatusRead";
            yield return new ApiOperation("GET", "/registrations/{id}", Tag, StatusRead, "Shows the record of a device.").Gives<RegistrationStateDocument>();
            yield return new ApiOperation("DELETE", "/registrations/{id}", Tag, "RegistrationStatusWrite", "Deletes the record of a device; it may register again.").IfMatch();
            yield return new ApiOperation("POST", "/registrations/{group}/query", Tag, StatusRead, "Lists the records of a group.").Takes<QuerySpecification>().GivesMany<RegistrationStateDocument>(byPages: true);
            yield return new ApiOperation("GET", "/registrations/{id}/sightings", Tag, StatusRead, "Shows with what a device came, and what took or refused it.").GivesMany<SightingDocument>();
        }
    }

    private static IEnumerable<ApiOperation> Certificates
    {
        get
        {
            const string Tag = "CA certificates and issuers";
            const string One = "/certificates/{name}";
            yield return new ApiOperation("GET", "/certificates", Tag, Config, "Lists the CA certificates.").Gives<CaCertificateListDocument>().ByPages();
            yield return new ApiOperation("GET", One, Tag, Config, "Shows a CA certificate.").Gives<CaCertificateDocument>();
            yield return new ApiOperation("PUT", One, Tag, Config, "Uploads a CA certificate.").Takes<CaCertificateRequest>().Gives<CaCertificateDocument>().IfMatch().With(DryRun);
            yield return new ApiOperation("DELETE", One, Tag, Config, "Deletes a CA certificate.").IfMatch().With(DryRun);
            yield return new ApiOperation("POST", $"{One}/generateVerificationCode", Tag, Config, "Makes the code that a proof is to name.").Gives<CaCertificateDocument>().IfMatch();
            yield return new ApiOperation("POST", $"{One}/verify", Tag, Config, "Takes the proof that the key is at hand.").Takes<CaCertificateRequest>().Gives<CaCertificateDocument>().IfMatch();
            yield return new ApiOperation("GET", "/issuers/{slot}/impact", Tag, Read, "Tells what revoking an issuing authority would do to devices.").Gives<ImpactDocument>().With(DryRun[1], DryRun[2]);
        }
    }

    private static IEnumerable<ApiOperation> Hubs
    {
        get
        {
            const string Tag = "Linked hubs";
            yield return new ApiOperation("GET", "/linkedHubs", Tag, Config, "Lists the linked hubs.").Gives<LinkedHubListDocument>();
            yield return new ApiOperation("GET", "/linkedHubs/{name}", Tag, Config, "Shows a linked hub.").Gives<LinkedHubDocument>();
            yield return new ApiOperation("PUT", "/linkedHubs/{name}", Tag, Config, "Links a hub, or changes its terms.").Takes<LinkedHubDocument>().Gives<LinkedHubDocument>();
            yield return new ApiOperation("DELETE", "/linkedHubs/{name}", Tag, Config, "Unlinks a hub.");
            yield return new ApiOperation("GET", "/allocation", Tag, Config, "Shows how hubs are chosen.").Gives<AllocationTermsDocument>();
            yield return new ApiOperation("PUT", "/allocation", Tag, Config, "Changes how hubs are chosen.").Takes<AllocationTermsDocument>().Gives<AllocationTermsDocument>();
        }
    }

    private static IEnumerable<ApiOperation> Trail
    {
        get
        {
            const string Tag = "Audit trail";
            yield return new ApiOperation("GET", "/audit", Tag, Config, "Lists entries, latest first.").GivesMany(AuditLineJson.Default.AuditLine, byPages: true).With(
                ("actor", "A part of who did it."), ("action", "The beginning of what was done."), ("subject", "A part of to what."), ("from", "The first moment."), ("until", "The moment after the last."));
            yield return new ApiOperation("GET", "/audit/export", Tag, Config, "Writes the whole trail, a JSON object a line.").GivesMany(AuditLineJson.Default.AuditLine).With(("format", "csv for a table."));
            yield return new ApiOperation("GET", "/audit/verdict", Tag, Config, "Checks the whole chain.").Gives(AuditLineJson.Default.AuditVerdictLine).With(("expected", "A hash that was kept elsewhere."));
        }
    }

    private static IEnumerable<ApiOperation> Webhooks
    {
        get
        {
            const string Tag = "Webhooks";
            const string One = "/webhooks/{name}";
            var (line, form) = (NoticeJson.Default.WebhookLine, NoticeJson.Default.WebhookForm);
            yield return new ApiOperation("GET", "/webhooks", Tag, Config, "Lists the webhooks.").GivesMany(line);
            yield return new ApiOperation("GET", One, Tag, Config, "Shows a webhook.").Gives(line);
            yield return new ApiOperation("PUT", One, Tag, Config, "Makes or changes a webhook.").Gives(line).IfMatch() with { Request = form };
            yield return new ApiOperation("DELETE", One, Tag, Config, "Deletes a webhook.");
            yield return new ApiOperation("POST", $"{One}/keys", Tag, Config, "Shows a webhook with its keys.").Gives(line);
            yield return new ApiOperation("POST", $"{One}/rollKeys", Tag, Config, "Rolls its keys.").Gives(line);
            yield return new ApiOperation("POST", $"{One}/test", Tag, Config, "Sends it a notice now.");
            yield return new ApiOperation("GET", $"{One}/deliveries", Tag, Config, "Shows what became of the last notices.").GivesMany(NoticeJson.Default.DeliveryLine);
        }
    }
}
