using Perennial.Server.Storage;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every ledger of access policies does.</summary>
public abstract class PolicyLedgerSuite(Stores stores) : IAsyncDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task Each_difference_gets_one_row_and_what_stays_gets_none()
    {
        await RecordAsync(Policy("owner"), Policy("reader"));
        await RecordAsync(Policy("owner"), Policy("reader"));
        await RecordAsync(Policy("owner", primary: "P2"), Policy("reader", rights: "RegistryWrite"), Policy("new"));
        await RecordAsync(Policy("owner", primary: "P2"));
        Assert.Equal(
            [
                "op policy.create policy 'owner' of hub 'hub'", "op policy.create policy 'reader' of hub 'hub'", "op policy.roll policy 'owner' of hub 'hub'",
                "op policy.save policy 'reader' of hub 'hub'", "op policy.create policy 'new' of hub 'hub'",
            ],
            stores.Audit().Take(5));
        Assert.Equal(
            ["op policy.delete policy 'new' of hub 'hub'", "op policy.delete policy 'reader' of hub 'hub'"], stores.Audit().Skip(5).Order(StringComparer.Ordinal));
    }

    private Task RecordAsync(params PolicyPrint[] policies) => stores.Policies.RecordAsync(policies, "op", Stop);

    private static PolicyPrint Policy(string name, string rights = "RegistryRead", string primary = "P1") => new("hub 'hub'", name, rights, primary, "S1");
}
