using System.Text.Json;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Provisioning.Tests.Fakes;
using Perennial.TestCertificates;

namespace Perennial.Provisioning.Tests.Registrations;

public sealed class DistantHubTests
{
    private readonly MemoryHub _near = new("near.example");
    private readonly MemoryHub _far = new("far.example", isRemote: true);
    private readonly World _world;
    private readonly TestCertificate _leaf = TestAuthority.CreateSelfSignedLeaf("dev-01");

    public DistantHubTests() => _world = new World(_near, _far);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hub_outside_that_answers_is_assigned_at_once()
    {
        await EnrollAsync("far.example");
        var registration = await _world.AssignAsync("dev-01", World.Chain(_leaf));
        Assert.Equal("far.example", registration.AssignedHub);
        Assert.Equal(_leaf.Certificate.Thumbprint, _far.Devices["dev-01"].Leaf);
        Assert.Empty(_world.Operations.Pending);
    }

    [Fact]
    public async Task A_hub_that_is_away_leaves_the_operation_assigning_and_nothing_written()
    {
        await EnrollAsync("far.example");
        _far.AnswersLeft = 0;
        var operation = await BeginAsync();

        Assert.Empty(_world.Registrations.All);
        Assert.Empty(_world.Ledger.Verdicts);
        Assert.IsType<OperationOutcome.Assigning>(await _world.PollAsync("dev-01", World.Chain(_leaf), operation));
        Assert.Equal(operation, await BeginAsync());
        Assert.All(_world.Notes, note => Assert.Equal(4004, note.Reason.Number));
    }

    [Fact]
    public async Task A_hub_that_comes_back_is_assigned_by_the_next_poll_under_the_same_operation()
    {
        await EnrollAsync("far.example");
        _far.AnswersLeft = 0;
        var operation = await BeginAsync();
        _far.AnswersLeft = null;
        var found = Assert.IsType<OperationOutcome.Found>(await _world.PollAsync("dev-01", World.Chain(_leaf), operation)).Registration;
        Assert.Equal((RegistrationStatus.Assigned, operation), (found.Status, found.OperationId));
        Assert.Single(_world.Registrations.Commits);
    }

    [Fact]
    public async Task A_hub_that_comes_back_is_assigned_also_when_the_device_does_not_ask()
    {
        await EnrollAsync("far.example");
        _far.AnswersLeft = 0;
        await BeginAsync();
        _far.AnswersLeft = null;
        while (_world.Registrations.All.Count == 0)
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.True(_far.Devices.ContainsKey("dev-01"));
    }

    [Fact]
    public async Task An_operation_outlives_a_restart_and_goes_on_when_its_device_asks()
    {
        await EnrollAsync("far.example");
        _far.AnswersLeft = 0;
        var operation = await BeginAsync();
        await _world.RestartAsync();
        Assert.IsType<OperationOutcome.Assigning>(await _world.PollAsync("dev-01", World.Chain(_leaf), operation));
        await _world.RestartAsync();
        _far.AnswersLeft = null;
        var found = Assert.IsType<OperationOutcome.Found>(await _world.PollAsync("dev-01", World.Chain(_leaf), operation)).Registration;
        Assert.Equal(operation, found.OperationId);
    }

    [Fact]
    public async Task Another_leaf_is_not_told_of_the_operation()
    {
        var other = TestAuthority.CreateSelfSignedLeaf("dev-01");
        await EnrollAsync("far.example");
        _far.AnswersLeft = 0;
        var operation = await BeginAsync();
        Assert.IsType<OperationOutcome.NotFound>(await _world.PollAsync("dev-01", World.Chain(other), operation));
    }

    [Fact]
    public async Task Trust_that_is_taken_back_in_the_meantime_ends_the_operation()
    {
        var enrollment = await EnrollAsync("far.example");
        _far.AnswersLeft = 0;
        var operation = await BeginAsync();
        await _world.Delete.RunAsync(enrollment.Key, etag: null, "test", Stop);
        _far.AnswersLeft = null;
        Assert.IsType<OperationOutcome.Refused>(await _world.PollAsync("dev-01", World.Chain(_leaf), operation));
        Assert.Empty(_far.Devices);
        Assert.Empty(_world.Operations.Pending);
    }

    [Fact]
    public async Task A_hub_that_refuses_fails_the_registration()
    {
        await EnrollAsync("far.example");
        _far.IsRefusing = true;
        var failed = Assert.IsType<RegistrationOutcome.Failed>(await _world.RegisterAsync("dev-01", World.Chain(_leaf)));
        Assert.Equal((400209, 4005), (failed.Registration.ErrorCode!.Value, failed.Refusal.Reason.Number));
    }

    [Theory]
    [InlineData("near.example", "far.example")]
    [InlineData("far.example", "near.example")]
    public async Task A_move_takes_the_twin_along_and_leaves_the_old_hub_last(string from, string to)
    {
        await EnrollAsync(from);
        await _world.AssignAsync("dev-01", World.Chain(_leaf));
        Hub(from).Devices["dev-01"] = (_leaf.Certificate.Thumbprint, "grown");
        await EnrollAsync(to);
        var moved = await _world.AssignAsync("dev-01", World.Chain(_leaf));

        Assert.Equal((to, RegistrationSubstatus.DeviceDataMigrated), (moved.AssignedHub, moved.Substatus));
        Assert.Equal("grown", Hub(to).Devices["dev-01"].Twin);
        Assert.Equal(0, await _world.Departures.RunAsync(Stop));
        Assert.Empty(Hub(from).Devices);
    }

    [Fact]
    public async Task An_old_hub_that_goes_away_after_the_move_is_cleared_when_it_is_back()
    {
        await EnrollAsync("far.example");
        await _world.AssignAsync("dev-01", World.Chain(_leaf));
        await EnrollAsync("near.example");
        await _world.AssignAsync("dev-01", World.Chain(_leaf));
        _far.AnswersLeft = 0;
        Assert.Equal(1, await _world.Departures.RunAsync(Stop));
        _far.AnswersLeft = null;
        Assert.Equal(0, await _world.Departures.RunAsync(Stop));
        Assert.Empty(_far.Devices);
    }

    [Fact]
    public async Task A_device_that_comes_back_before_it_left_stays()
    {
        await EnrollAsync("far.example");
        await _world.AssignAsync("dev-01", World.Chain(_leaf));
        await EnrollAsync("near.example");
        await _world.AssignAsync("dev-01", World.Chain(_leaf));
        await EnrollAsync("far.example");
        await _world.AssignAsync("dev-01", World.Chain(_leaf));
        await _world.Departures.RunAsync(Stop);
        Assert.True(_far.Devices.ContainsKey("dev-01"));
        Assert.Empty(_near.Devices);
    }

    [Fact]
    public async Task A_custom_allocation_is_waited_for_and_what_it_says_reaches_the_device()
    {
        await EnrollCustomAsync();
        var operation = await BeginAsync();
        Assert.Equal(["near.example", "far.example"], Assert.Single(_world.Custom.Questions).Eligible);
        var payload = JsonSerializer.SerializeToElement(new { line = 7 });
        _world.Custom.Answer.SetResult(new CustomAllocationAnswer.Chosen("FAR.example", null, payload));
        var found = Assert.IsType<OperationOutcome.Found>(await _world.PollAsync("dev-01", World.Chain(_leaf), operation)).Registration;
        Assert.Equal(("far.example", """{"line":7}"""), (found.AssignedHub, found.AllocationPayload!.Value.GetRawText()));

        var again = await _world.AssignAsync("dev-01", World.Chain(_leaf));
        Assert.Equal(found, again);
        Assert.Single(_world.Custom.Questions);
        Assert.Empty(_world.Operations.Pending);
    }

    [Theory]
    [InlineData("elsewhere.example", 4003)]
    [InlineData(null, 4002)]
    public async Task A_custom_allocation_without_a_usable_answer_fails_the_registration(string? chosen, int refusal)
    {
        await EnrollCustomAsync();
        _world.Custom.Answer.SetResult(chosen is null
            ? new CustomAllocationAnswer.Failed("no answer")
            : new CustomAllocationAnswer.Chosen(chosen, null, null));
        var failed = Assert.IsType<RegistrationOutcome.Failed>(await _world.RegisterAsync("dev-01", World.Chain(_leaf)));
        Assert.Equal((400207, refusal), (failed.Registration.ErrorCode!.Value, failed.Refusal.Reason.Number));
        Assert.Equal(refusal, Assert.Single(_world.Failures).Reason.Number);
    }

    [Fact]
    public async Task The_operator_is_told_of_a_failure_that_its_device_no_longer_waits_for()
    {
        await EnrollCustomAsync();
        var operation = await BeginAsync();
        Assert.Empty(_world.Failures);
        _world.Custom.Answer.SetResult(new CustomAllocationAnswer.Failed("It answered 503."));
        var found = Assert.IsType<OperationOutcome.Found>(await _world.PollAsync("dev-01", World.Chain(_leaf), operation)).Registration;
        Assert.Equal(RegistrationStatus.Failed, found.Status);
        Assert.IsType<OperationOutcome.Found>(await _world.PollAsync("dev-01", World.Chain(_leaf), operation));
        var told = Assert.Single(_world.Failures);
        Assert.Equal((4002, "It answered 503."), (told.Reason.Number, told.Detail));
    }

    private MemoryHub Hub(string name) => name == "near.example" ? _near : _far;

    private Task<Enrollment> EnrollAsync(string hub) => _world.EnrollAsync(World.Individual("dev-01", _leaf.Certificate) with
    {
        AllocationPolicy = AllocationPolicy.Static,
        HubHostNames = [hub],
    });

    private Task<Enrollment> EnrollCustomAsync() => _world.EnrollAsync(World.Individual("dev-01", _leaf.Certificate) with
    {
        AllocationPolicy = AllocationPolicy.Custom,
        CustomAllocation = new CustomAllocation(new Uri("https://allocate.example/hook"), "2021-10-01"),
    });

    private async Task<string> BeginAsync() =>
        Assert.IsType<RegistrationOutcome.Assigning>(await _world.RegisterAsync("dev-01", World.Chain(_leaf))).OperationId;
}
