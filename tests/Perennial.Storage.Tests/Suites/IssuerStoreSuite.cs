using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of issuer slots and profiles does.</summary>
public abstract class IssuerStoreSuite(Stores stores) : IAsyncDisposable
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
    public async Task Everything_of_a_slot_comes_back()
    {
        var slot = Slot("a", IssuerState.Active) with { Certificate = _root.Certificate, Above = [_root.Certificate], Links = [_root.Certificate] };
        Assert.True(await SaveAsync(slot));
        var found = await stores.Issuers.FindActiveAsync("FACTORY", Stop);
        Assert.Equal(_root.Certificate.Thumbprint, found!.Certificate!.Thumbprint);
        Assert.Equal(_root.Certificate.Thumbprint, Assert.Single(found.Above).Thumbprint);
        Assert.Equal(_root.Certificate.Thumbprint, Assert.Single(found.Links).Thumbprint);
        Assert.Equal(slot with { Certificate = found.Certificate, Above = found.Above, Links = found.Links, Version = 1 }, found);
        Assert.Equal(found.Id, (await stores.Issuers.FindAsync("a", Stop))!.Id);
    }

    [Fact]
    public async Task An_issuer_never_has_two_active_slots()
    {
        Assert.True(await SaveAsync(Slot("a", IssuerState.Active)));
        Assert.False(await SaveAsync(Slot("b", IssuerState.Active)));
        Assert.True(await SaveAsync(Slot("b", IssuerState.Prepared)));
        Assert.True(await SaveAsync(Slot("b", IssuerState.Active) with { Version = 1 }, Slot("a", IssuerState.Old) with { Version = 1 }));
        Assert.Equal("b", (await stores.Issuers.FindActiveAsync("factory", Stop))!.Id);
    }

    [Fact]
    public async Task A_save_on_a_stale_version_changes_nothing_of_any_slot()
    {
        Assert.True(await SaveAsync(Slot("a", IssuerState.Prepared)));
        Assert.False(await SaveAsync(Slot("b", IssuerState.Prepared), Slot("a", IssuerState.Old)));
        Assert.Equal(["a"], (await stores.Issuers.ListAsync(Stop)).Select(slot => slot.Id));
    }

    [Fact]
    public async Task Every_save_leaves_an_audit_row()
    {
        await SaveAsync(Slot("a", IssuerState.Prepared));
        await SaveAsync(Slot("a", IssuerState.Active) with { Version = 1 });
        Assert.Equal(["op issuer.save issuer slot 'factory/a'", "op issuer.save issuer slot 'factory/a'"], stores.Audit());
    }

    [Fact]
    public async Task Profiles_are_saved_found_listed_and_deleted_by_name_in_any_case()
    {
        var profile = new CertificateProfile
        {
            Name = "Lamps",
            IssuerName = "factory",
            AllowedKeys = KeyKinds.P256,
            Validity = TimeSpan.FromHours(1),
            Backdating = TimeSpan.Zero,
            Purposes = ["1.2.3.4"],
            AllowsSelfRoll = true,
            RollAfterExpiryDays = 7,
            RollAt = 0.8,
        };
        var saved = await stores.Profiles.SaveAsync(profile, "op", Stop);
        var found = await stores.Profiles.FindAsync("LAMPS", Stop);
        Assert.Equal(profile.Purposes, found!.Purposes);
        Assert.Equal(profile with { ETag = saved.ETag, Purposes = found.Purposes }, found);
        Assert.Equal(["Lamps"], (await stores.Profiles.ListAsync(Stop)).Select(other => other.Name));
        Assert.True(await stores.Profiles.DeleteAsync("lamps", "op", Stop));
        Assert.False(await stores.Profiles.DeleteAsync("lamps", "op", Stop));
        Assert.Null(await stores.Profiles.FindAsync("lamps", Stop));
        Assert.Equal(["op profile.save certificate profile 'Lamps'", "op profile.delete certificate profile 'Lamps'"], stores.Audit());
    }

    private IssuerSlot Slot(string id, IssuerState state) => new()
    {
        Id = id,
        IssuerName = "factory",
        State = state,
        Key = KeyAddress.OfFile($"{id}.key"),
        KeyThumbprint = Thumbprint.Of([1]),
        Created = stores.Time.GetUtcNow(),
        Since = stores.Time.GetUtcNow(),
    };

    private Task<bool> SaveAsync(params IssuerSlot[] slots) => stores.Issuers.TrySaveAsync(slots, "op", "test", Stop);
}
