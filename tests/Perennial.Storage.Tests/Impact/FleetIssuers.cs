using Perennial.Authority.Authorities;
using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.Authority.Revocation;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Storage.Tests.Suites;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Impact;

/// <summary>The issuing authorities of a fleet: a slot for each of its lines, also where two have one certificate. Any may be revoked.</summary>
internal sealed class FleetIssuers(Stores stores, IReadOnlyList<TestAuthority> lines, Tape tape, string prefix)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task GrowAsync()
    {
        for (var i = 0; i < lines.Count; i++)
        {
            var slot = new IssuerSlot
            {
                Id = SlotOf(i),
                IssuerName = $"{prefix}-i{i}",
                State = IssuerState.Active,
                Key = KeyAddress.OfFile($"{prefix}{i}.key"),
                KeyThumbprint = lines[i].Certificate.KeyThumbprint,
                Certificate = lines[i].Certificate,
                Created = stores.Time.GetUtcNow(),
                Since = stores.Time.GetUtcNow(),
            };
            Assert.True(await stores.Issuers.TrySaveAsync([slot], "test", "test", Stop));
        }
    }

    /// <summary>Notes that a leaf was issued under an enrollment; mostly by one of the slots, else it came from elsewhere.</summary>
    public async Task RecordAsync(string name, TestCertificate leaf, TestAuthority signer, Enrollment under)
    {
        var own = Enumerable.Range(0, lines.Count).Where(i => lines[i] == signer).ToList();
        if (!tape.OneIn(4))
        {
            await JournalAsync(SlotOf(tape.Pick(own)), name, leaf.Certificate);
        }

        var issued = new IssuedLeaf
        {
            Thumbprint = leaf.Certificate.Thumbprint,
            Enrollment = under.Key,
            RegistrationId = Samples.Id(name),
            Chain = [leaf.Certificate, signer.Certificate],
            Request = Thumbprint.Of([1]),
            StandsAlone = tape.OneIn(2),
            Issued = stores.Time.GetUtcNow(),
        };
        await stores.Leaves.TryRecordAsync(issued, null, under.ETag, "test", Stop);
    }

    public (TrustChange Change, Func<Task> Make) DrawRevocation()
    {
        var slot = SlotOf(tape.Choose(lines.Count));
        return (
            PlanChange.OfRevocation(slot),
            () => new RevokeAuthority(stores.Issuers, stores.Revocations, stores.Time).RunAsync(slot, RevocationReason.CaCompromise, "test", Stop));
    }

    private string SlotOf(int line) => $"{prefix}-s{line}";

    private async Task JournalAsync(string slot, string name, Certificate leaf)
    {
        var intent = new IssuanceIntent
        {
            SlotId = slot,
            SerialNumber = leaf.SerialNumber,
            ProfileName = "fleet",
            CommonName = name,
            KeyThumbprint = leaf.KeyThumbprint,
            Planned = new byte[] { 1 },
            NotAfter = leaf.NotAfter,
            Actor = "test",
            At = stores.Time.GetUtcNow(),
        };
        await stores.Journal.TryIntendAsync(intent, Stop);
        await stores.Journal.CompleteAsync(intent, leaf, stores.Time.GetUtcNow(), Stop);
    }
}
