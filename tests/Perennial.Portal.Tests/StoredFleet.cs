using System.Text;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Server.Storage.Sql;
using Perennial.X509;

namespace Perennial.Portal.Tests;

/// <summary>Registrations put into a portal's database as they are.</summary>
internal static class StoredFleet
{
    /// <summary>Stores a registration for each id, as if each device had registered through one group.</summary>
    public static async Task StoreRegistrationsAsync(this ServedPortal portal, IReadOnlyList<string> ids)
    {
        await using var database = portal.OpenDatabase();
        var (store, now) = (new RegistrationStore(database, TimeProvider.System), TimeProvider.System.GetUtcNow());
        Assert.True(EnrollmentKey.TryGroup("lamps", out var group));
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
}
