using Perennial.Provisioning;
using Perennial.Provisioning.CaCertificates;
using Perennial.TestCertificates;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of CA certificates does.</summary>
public abstract class CaCertificateStoreSuite(Stores stores) : IAsyncDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot("Root A");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _root.Dispose();
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task Everything_of_a_certificate_comes_back_under_its_name_in_any_case()
    {
        var saved = Of("Root-A", "1") with { IsVerified = true, VerificationCode = "C0DE", LastUpdated = Samples.At.AddHours(1) };
        Assert.True(await SaveAsync(saved, null));

        var found = await stores.CaCertificates.FindAsync("ROOT-a", Stop);
        Assert.Equal(_root.Certificate.Thumbprint, found!.Certificate.Thumbprint);
        Assert.Equal(saved with { Certificate = found.Certificate }, found);
        Assert.Null(await stores.CaCertificates.FindAsync("root-b", Stop));
    }

    [Fact]
    public async Task A_write_on_a_stale_etag_changes_nothing()
    {
        Assert.True(await SaveAsync(Of("root", "1"), null));
        Assert.False(await SaveAsync(Of("root", "2"), null));
        Assert.False(await SaveAsync(Of("root", "2"), "0"));
        Assert.True(await SaveAsync(Of("root", "2"), "1"));
        Assert.Equal("2", (await stores.CaCertificates.FindAsync("root", Stop))!.ETag);
    }

    [Fact]
    public async Task Pages_follow_one_another_by_name()
    {
        foreach (var name in new[] { "c", "B", "a" })
        {
            await SaveAsync(Of(name, "1"), null);
        }

        var first = await stores.CaCertificates.ListAsync(new PageRequest(null, 2), Stop);
        Assert.Equal(["a", "B"], first.Items.Select(item => item.Name));
        var second = await stores.CaCertificates.ListAsync(new PageRequest(first.Next, 2), Stop);
        Assert.Equal(["c"], second.Items.Select(item => item.Name));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task Deleting_asks_for_the_etag_when_one_is_given()
    {
        await SaveAsync(Of("root", "1"), null);
        Assert.Equal(DeleteOutcome.ETagMismatch, await stores.CaCertificates.DeleteAsync("root", "0", "op", Stop));
        Assert.Equal(DeleteOutcome.Deleted, await stores.CaCertificates.DeleteAsync("Root", "1", "op", Stop));
        Assert.Equal(DeleteOutcome.NotFound, await stores.CaCertificates.DeleteAsync("root", null, "op", Stop));
    }

    [Fact]
    public async Task Every_change_leaves_an_audit_row()
    {
        await SaveAsync(Of("root", "1"), null);
        await SaveAsync(Of("root", "2"), "0");
        await stores.CaCertificates.DeleteAsync("root", null, "boss", Stop);
        Assert.Equal(["op ca-certificate.save CA certificate 'root'", "boss ca-certificate.delete CA certificate 'root'"], stores.Audit());
    }

    private CaCertificate Of(string name, string etag) => new()
    {
        Name = name,
        Certificate = _root.Certificate,
        ETag = etag,
        Created = Samples.At,
        LastUpdated = Samples.At,
    };

    private Task<bool> SaveAsync(CaCertificate certificate, string? expected) =>
        stores.CaCertificates.TrySaveAsync(certificate, expected, "save", "op", Stop);
}
