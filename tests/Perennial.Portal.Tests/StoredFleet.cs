using System.Text;
using Perennial.Provisioning;
using Perennial.Provisioning.CaCertificates;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Server.Instances;
using Perennial.Server.Notices;
using Perennial.Server.Storage.Sql;
using Perennial.X509;

namespace Perennial.Portal.Tests;

/// <summary>Registrations put into a portal's database as they are.</summary>
internal static class StoredFleet
{
    /// <summary>Stores a registration for each id, as if each device had registered through one group.</summary>
    public static async Task StoreRegistrationsAsync(this ServedPortal portal, IReadOnlyList<string> ids, string through = "lamps")
    {
        await using var database = portal.OpenDatabase();
        var (store, now) = (new RegistrationStore(database, TimeProvider.System), TimeProvider.System.GetUtcNow());
        Assert.True(EnrollmentKey.TryGroup(through, out var group));
        await Task.WhenAll(ids.Select(async text =>
        {
            Assert.True(RegistrationId.TryParse(text, out var id));
            var registration = new Registration
            {
                Id = id,
                Status = RegistrationStatus.Assigned,
                Substatus = RegistrationSubstatus.InitialAssignment,
                AssignedHub = portal.Instance.Document.Hubs[0].HostName,
                DeviceId = text,
                Enrollment = group,
                EnrollmentETag = "1",
                Credential = new RegisteredCredential(CredentialKind.Certificate, Thumbprint.Of(Encoding.UTF8.GetBytes(text))),
                OperationId = "1",
                ETag = "1",
                Created = now,
                LastUpdated = now,
            };
            Assert.True(await store.TryCommitAsync(registration, null, [], CancellationToken.None));
        }));
    }

    /// <summary>Stores two CA certificates, one of them verified, a hub elsewhere for the next start, and a webhook.</summary>
    public static async Task StoreTrustAsync(this ServedPortal portal, Certificate root, Certificate intermediate)
    {
        await using var database = portal.OpenDatabase();
        var (store, now) = (new CaCertificateStore(database, TimeProvider.System), TimeProvider.System.GetUtcNow());
        foreach (var (name, certificate, isVerified) in new[] { ("factory-root", root, true), ("factory", intermediate, false) })
        {
            var ca = new CaCertificate
            {
                Name = name,
                Certificate = certificate,
                IsVerified = isVerified,
                VerificationCode = isVerified ? null : "4F8A0C5B1D9E7A6324C8E0F1",
                ETag = "1",
                Created = now,
                LastUpdated = now,
            };
            Assert.True(await store.TrySaveAsync(ca, null, "save", "test", CancellationToken.None));
        }

        portal.Instance.LinkedHubs.Write(new LinkedHubsDocument
        {
            Hubs = [new LinkedHubDocument { HostName = "elsewhere.example", ConnectionString = "HostName=elsewhere.example;SharedAccessKeyName=iothubowner;SharedAccessKey=a2V5a2V5a2V5a2V5", AllocationWeight = 3 }],
        });
        var webhooks = new WebhookStore(database, TimeProvider.System);
        var draft = new WebhookDraft("pager", "https://pager.example/notices", NoticeNames.Wanted, IsEnabled: true);
        Assert.IsType<WebhookOutcome.Saved>(await new SaveWebhook(webhooks).RunAsync(draft, null, "test", CancellationToken.None));
    }
}
