using Perennial.Authority.Issuance;
using Perennial.Provisioning.CaCertificates;
using Perennial.Server.Metrics;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Suites;

/// <summary>Certificates of every kind are counted by when they end.</summary>
public abstract class ExpiryStoreSuite(SqlStores stores) : IAsyncDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task A_certificate_counts_from_its_day_until_it_ends()
    {
        await EnrollAsync("dev-01", 7);
        Assert.Equal((0, 1, 1), await CountAsync("enrolled"));
        stores.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 1, 1), await CountAsync("enrolled"));
        stores.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.Equal((1, 1, 1), await CountAsync("enrolled"));
        stores.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((0, 0, 0), await CountAsync("enrolled"));
    }

    [Fact]
    public async Task Both_slots_and_each_kind_count_apart()
    {
        using var primary = Leaf("dev-01", 3);
        using var secondary = Leaf("dev-01", 60);
        await stores.Enrollments.SaveAsync(Samples.Individual("dev-01", "1", primary.Certificate, secondary.Certificate), null, "op", Stop);
        await SaveCaAsync("root", 20);
        using var issued = Leaf("dev-01", 80);
        await stores.Journal.CompleteAsync(await IntendAsync("01", issued.Certificate), issued.Certificate, stores.Time.GetUtcNow(), Stop);
        using var abandoned = Leaf("dev-01", 1);
        await stores.Journal.AbandonAsync(await IntendAsync("02", abandoned.Certificate), "the key is away", Stop);
        Assert.Equal((1, 1, 2), await CountAsync("enrolled"));
        Assert.Equal((0, 1, 1), await CountAsync("ca"));
        Assert.Equal((0, 0, 1), await CountAsync("issued"));
    }

    [Fact]
    public async Task A_certificate_that_is_replaced_counts_no_more()
    {
        await EnrollAsync("dev-01", 3);
        await SaveCaAsync("root", 3);
        using var leaf = Leaf("dev-01", 400);
        await stores.Enrollments.SaveAsync(Samples.Individual("dev-01", "2", leaf.Certificate), "1", "op", Stop);
        await SaveCaAsync("root", 20, etag: "1");
        Assert.Equal((0, 0, 0), await CountAsync("enrolled"));
        Assert.Equal((0, 1, 1), await CountAsync("ca"));
    }

    [Fact]
    public async Task Certificates_of_an_older_version_are_dated_some_at_a_time()
    {
        const int Many = 250;
        for (var i = 0; i < Many; i++)
        {
            await EnrollAsync($"dev-{i}", 3);
        }

        await SaveCaAsync("root", 3);
        await stores.ForgetExpiryAsync(Stop);
        Assert.Equal((0, 0, 0), await CountAsync("enrolled"));
        var rounds = 0;
        while (await stores.Expiry.NoteUndatedAsync(Stop))
        {
            rounds++;
        }

        Assert.Equal(2, rounds);
        Assert.Equal((Many, Many, Many), await CountAsync("enrolled"));
        Assert.Equal((1, 1, 1), await CountAsync("ca"));
    }

    private TestCertificate Leaf(string name, int days) =>
        TestAuthority.CreateSelfSignedLeaf(name, new() { NotAfter = stores.Time.GetUtcNow().AddDays(days) });

    private async Task EnrollAsync(string id, int days)
    {
        using var leaf = Leaf(id, days);
        await stores.Enrollments.SaveAsync(Samples.Individual(id, "1", leaf.Certificate), null, "op", Stop);
    }

    private async Task SaveCaAsync(string name, int days, string? etag = null)
    {
        using var root = TestAuthority.CreateRoot("Root A", new() { NotAfter = stores.Time.GetUtcNow().AddDays(days) });
        var certificate = new CaCertificate
        {
            Name = name,
            Certificate = root.Certificate,
            ETag = etag is null ? "1" : "2",
            Created = Samples.At,
            LastUpdated = Samples.At,
        };
        Assert.True(await stores.CaCertificates.TrySaveAsync(certificate, etag, "save", "op", Stop));
    }

    private async Task<IssuanceIntent> IntendAsync(string serial, Certificate certificate)
    {
        var intent = new IssuanceIntent
        {
            SlotId = "a",
            SerialNumber = serial,
            ProfileName = "lamps",
            CommonName = "dev-01",
            KeyThumbprint = certificate.KeyThumbprint,
            Planned = new byte[] { 1 },
            NotAfter = certificate.NotAfter,
            Actor = "op",
            At = stores.Time.GetUtcNow(),
        };
        Assert.True(await stores.Journal.TryIntendAsync(intent, Stop));
        return intent;
    }

    private async Task<(long Week, long Month, long Quarter)> CountAsync(string kind)
    {
        ExpiryCount[] counts = [.. (await stores.Expiry.CountAsync(stores.Time.GetUtcNow(), Stop)).Where(count => count.Kind == kind)];
        Assert.Equal([7, 30, 90], counts.Select(count => count.Days));
        return (counts[0].Certificates, counts[1].Certificates, counts[2].Certificates);
    }
}
