using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Provisioning.Tests.Fakes;
using Perennial.TestCertificates;

namespace Perennial.Provisioning.Tests.Registrations;

public sealed class RegisterDeviceTests
{
    private readonly World _world = new();
    private readonly TestCertificate _old = TestAuthority.CreateSelfSignedLeaf("dev-01");
    private readonly TestCertificate _new = TestAuthority.CreateSelfSignedLeaf("dev-01");

    private MemoryHub Hub => _world.Hubs[0];

    [Fact]
    public async Task A_first_registration_makes_the_record_the_identity_and_the_sighting()
    {
        await EnrollBothAsync();
        var registration = await _world.AssignAsync("dev-01", World.Chain(_old));

        Assert.Equal(RegistrationSubstatus.InitialAssignment, registration.Substatus);
        Assert.Equal(("hub.example", "dev-01"), (registration.AssignedHub, registration.DeviceId));
        Assert.Equal(_old.Certificate.Thumbprint, Hub.Devices["dev-01"].Leaf);
        Assert.Single(_world.Ledger.Verdicts);
        Assert.Matches("^5\\.[0-9a-f]{16}\\.[0-9a-f-]{36}$", registration.OperationId);
    }

    [Fact]
    public async Task A_repeated_request_is_the_same_operation_and_writes_no_new_record()
    {
        await EnrollBothAsync();
        var first = await _world.AssignAsync("dev-01", World.Chain(_old));
        _world.Time.Advance(AssignDevice.RepeatWindow - TimeSpan.FromSeconds(1));
        var second = await _world.AssignAsync("dev-01", World.Chain(_old));

        Assert.Equal(first, second);
        Assert.Single(_world.Registrations.Commits);
        Assert.Equal(2, _world.Ledger.Verdicts.Count);
    }

    [Fact]
    public async Task A_later_request_is_a_new_operation_on_the_same_record()
    {
        await EnrollBothAsync();
        var first = await _world.AssignAsync("dev-01", World.Chain(_old));
        _world.Time.Advance(AssignDevice.RepeatWindow);
        var second = await _world.AssignAsync("dev-01", World.Chain(_old));

        Assert.NotEqual(first.OperationId, second.OperationId);
        Assert.Equal(first.OperationId, second.PreviousOperationId);
        Assert.Equal(first.Created, second.Created);
        Assert.Equal(_world.Time.GetUtcNow(), second.LastUpdated);
    }

    [Fact]
    public async Task A_new_leaf_changes_nothing_but_the_credential()
    {
        await EnrollBothAsync();
        var first = await _world.AssignAsync("dev-01", World.Chain(_old));
        Hub.Devices["dev-01"] = (_old.Certificate.Thumbprint, "grown");
        var second = await _world.AssignAsync("dev-01", World.Chain(_new));

        Assert.Equal(first.Created, second.Created);
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal((_new.Certificate.Thumbprint, "grown"), Hub.Devices["dev-01"]);
        Assert.Single(_world.Registrations.All);
        Assert.Single(Hub.Devices);
    }

    [Fact]
    public async Task A_credential_that_was_changed_on_the_hub_is_restored_also_within_the_repeat_window()
    {
        await EnrollBothAsync();
        await _world.AssignAsync("dev-01", World.Chain(_old));
        Hub.Devices["dev-01"] = (_new.Certificate.Thumbprint, "grown");
        await _world.AssignAsync("dev-01", World.Chain(_old));
        Assert.Equal((_old.Certificate.Thumbprint, "grown"), Hub.Devices["dev-01"]);
    }

    [Fact]
    public async Task A_device_that_was_deleted_on_the_hub_is_made_again()
    {
        await EnrollBothAsync();
        await _world.AssignAsync("dev-01", World.Chain(_old));
        Hub.Devices.Clear();
        var again = await _world.AssignAsync("dev-01", World.Chain(_old));
        Assert.Equal(RegistrationSubstatus.ReprovisionedToInitialAssignment, again.Substatus);
        Assert.Equal("initial", Hub.Devices["dev-01"].Twin);
    }

    [Fact]
    public async Task The_first_spelling_of_the_id_stays()
    {
        var upper = TestAuthority.CreateSelfSignedLeaf("DEV-01");
        await _world.EnrollAsync(World.Individual("dev-01", _old.Certificate, upper.Certificate));
        await _world.AssignAsync("dev-01", World.Chain(_old));
        var second = await _world.AssignAsync("DEV-01", World.Chain(upper));
        Assert.Equal(("dev-01", "dev-01"), (second.Id.Value, second.DeviceId));
        Assert.Equal(["dev-01"], Hub.Devices.Keys);
    }

    [Fact]
    public async Task A_device_id_of_its_own_is_used_and_a_changed_one_moves_the_device()
    {
        await _world.EnrollAsync(World.Individual("dev-01", _old.Certificate) with { DeviceId = "Pump 1".Replace(' ', '-') });
        Assert.Equal("Pump-1", (await _world.AssignAsync("dev-01", World.Chain(_old))).DeviceId);
        Hub.Devices["Pump-1"] = (_old.Certificate.Thumbprint, "grown");
        await _world.EnrollAsync(World.Individual("dev-01", _old.Certificate) with { DeviceId = "Pump-2" });
        Assert.Equal("Pump-2", (await _world.AssignAsync("dev-01", World.Chain(_old))).DeviceId);
        Assert.Equal("grown", Assert.Single(Hub.Devices).Value.Twin);
    }

    [Fact]
    public async Task A_refused_device_leaves_a_sighting_and_no_record()
    {
        await _world.EnrollAsync(World.Individual("dev-01", _old.Certificate));
        Assert.IsType<RegistrationOutcome.Refused>(await _world.RegisterAsync("dev-01", World.Chain(_new)));
        Assert.Empty(_world.Registrations.All);
        Assert.Single(_world.Ledger.Verdicts);
    }

    [Fact]
    public async Task Without_an_eligible_hub_the_registration_fails_and_the_assignment_before_is_remembered()
    {
        await EnrollBothAsync();
        await _world.AssignAsync("dev-01", World.Chain(_old));
        var stored = await _world.Enrollments.FindAsync(EnrollmentKey.Individual(World.Id("dev-01")), TestContext.Current.CancellationToken);
        var strayed = stored! with { HubHostNames = ["gone.example"], ETag = "strayed" };
        await _world.Enrollments.SaveAsync(strayed, stored.ETag, "test", TestContext.Current.CancellationToken);

        var failed = Assert.IsType<RegistrationOutcome.Failed>(await _world.RegisterAsync("dev-01", World.Chain(_old))).Registration;
        Assert.Equal((RegistrationStatus.Failed, 400208, "hub.example"), (failed.Status, failed.ErrorCode!.Value, failed.AssignedHub));
        Assert.Single(Hub.Devices);
    }

    private Task EnrollBothAsync() => _world.EnrollAsync(World.Individual("dev-01", _old.Certificate, _new.Certificate));
}
