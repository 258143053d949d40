using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of known intermediates does.</summary>
public abstract class KnownIssuerStoreSuite(Stores stores) : IAsyncDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _root.Dispose();
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task The_intermediates_of_accepted_chains_are_known_by_name_the_oldest_first()
    {
        using var first = _root.CreateIntermediate("Line");
        using var second = _root.CreateIntermediate("Line");
        await SeeAsync(second, 2);
        await SeeAsync(first, 1);
        await SeeAsync(first, 3);
        Assert.Equal([first.Certificate.Thumbprint, second.Certificate.Thumbprint], await KnownAsync(first, 5));
        Assert.Single(await KnownAsync(first, 1));
        Assert.Empty(await KnownAsync(_root, 5));
    }

    [Fact]
    public async Task Of_a_refused_chain_nothing_is_known()
    {
        using var authority = _root.CreateIntermediate("Line");
        await stores.Sightings.RecordAsync(
            Seen(authority, 1) with { Match = null, Refusal = new Refusal(AttestationRefusals.NotEnrolled, "no") }, Stop);
        Assert.Empty(await KnownAsync(authority, 5));
    }

    private async Task<IEnumerable<Thumbprint>> KnownAsync(TestAuthority authority, int max) =>
        (await stores.KnownIssuers.FindAsync(authority.Certificate.Subject, max, Stop)).Select(certificate => certificate.Thumbprint);

    private Task SeeAsync(TestAuthority authority, int minute) => stores.Sightings.RecordAsync(Seen(authority, minute), Stop);

    private Sighting Seen(TestAuthority authority, int minute) => new()
    {
        Device = "dev-01",
        Path = SightingPath.Provisioning,
        At = Samples.At.AddMinutes(minute),
        Chain = Samples.Chain(authority.IssueLeaf("dev-01"), authority),
        Match = new SightingMatch(Samples.Group("g"), Slot.Primary, _root.Certificate.Thumbprint),
    };
}
