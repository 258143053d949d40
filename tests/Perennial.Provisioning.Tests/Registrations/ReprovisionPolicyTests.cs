using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Provisioning.Tests.Fakes;
using Perennial.TestCertificates;

namespace Perennial.Provisioning.Tests.Registrations;

/// <summary>The table of dps-protocol §6.1, on two hubs and a static allocation that is changed from one to the other.</summary>
public sealed class ReprovisionPolicyTests
{
    private readonly World _world = new(new MemoryHub("a.example"), new MemoryHub("b.example"));
    private readonly TestCertificate _leaf = TestAuthority.CreateSelfSignedLeaf("dev-01");

    private MemoryHub A => _world.Hubs[0];

    private MemoryHub B => _world.Hubs[1];

    [Fact]
    public async Task Migrate_takes_the_twin_to_the_other_hub()
    {
        var moved = await MoveAsync(ReprovisionPolicy.Migrate);
        Assert.Equal(RegistrationSubstatus.DeviceDataMigrated, moved.Substatus);
        Assert.Equal("b.example", moved.AssignedHub);
        Assert.Equal("grown", B.Devices["dev-01"].Twin);
        Assert.Empty(A.Devices);
    }

    [Fact]
    public async Task Reset_starts_from_the_initial_twin_on_the_other_hub()
    {
        var moved = await MoveAsync(ReprovisionPolicy.Reset);
        Assert.Equal(RegistrationSubstatus.DeviceDataReset, moved.Substatus);
        Assert.Equal("initial", B.Devices["dev-01"].Twin);
        Assert.Empty(A.Devices);
    }

    [Fact]
    public async Task Never_stays_on_the_recorded_hub_and_refreshes_the_credential()
    {
        var stayed = await MoveAsync(ReprovisionPolicy.Never);
        Assert.Equal(RegistrationSubstatus.InitialAssignment, stayed.Substatus);
        Assert.Equal("a.example", stayed.AssignedHub);
        Assert.Equal((_leaf.Certificate.Thumbprint, "grown"), A.Devices["dev-01"]);
        Assert.Empty(B.Devices);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task On_the_same_hub_the_twin_stays_whatever_the_policy(bool migrate)
    {
        await _world.EnrollAsync(Static("a.example") with { ReprovisionPolicy = new ReprovisionPolicy(true, migrate) });
        await _world.AssignAsync("dev-01", World.Chain(_leaf));
        A.Devices["dev-01"] = (_leaf.Certificate.Thumbprint, "grown");
        _world.Time.Advance(AssignDevice.RepeatWindow);
        await _world.AssignAsync("dev-01", World.Chain(_leaf));
        Assert.Equal("grown", A.Devices["dev-01"].Twin);
    }

    private async Task<Registration> MoveAsync(ReprovisionPolicy policy)
    {
        await _world.EnrollAsync(Static("a.example") with { ReprovisionPolicy = policy });
        await _world.AssignAsync("dev-01", World.Chain(_leaf));
        A.Devices["dev-01"] = (_leaf.Certificate.Thumbprint, "grown");
        await _world.EnrollAsync(Static("b.example") with { ReprovisionPolicy = policy });
        return await _world.AssignAsync("dev-01", World.Chain(_leaf));
    }

    private EnrollmentDraft Static(string hub) =>
        World.Individual("dev-01", _leaf.Certificate) with { AllocationPolicy = AllocationPolicy.Static, HubHostNames = [hub] };
}
