using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Tests.Fakes;
using Perennial.TestCertificates;

namespace Perennial.Provisioning.Tests.Enrollments;

/// <summary>Groups that refer to CA certificates of the service by name.</summary>
public sealed class CaReferenceTests : IDisposable
{
    private readonly World _world = new();
    private readonly TestAuthority _old = TestAuthority.CreateRoot("Old root");
    private readonly TestAuthority _new = TestAuthority.CreateRoot("New root");

    public CaReferenceTests()
    {
        _world.Enrollments.PlaceAuthority("old", _old.Certificate);
        _world.Enrollments.PlaceAuthority("new", _new.Certificate);
    }

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
    }

    [Fact]
    public async Task Devices_below_either_referenced_certificate_are_taken_by_its_slot()
    {
        await _world.EnrollAsync(Group("OLD", "new"));
        await AssertTakenAsync(Slot.Primary, _old);
        await AssertTakenAsync(Slot.Secondary, _new);
    }

    [Fact]
    public async Task A_certificate_that_is_gone_or_no_longer_verified_takes_nobody_and_the_other_slot_works_on()
    {
        await _world.EnrollAsync(Group("old", "new"));
        _world.Enrollments.PlaceAuthority("old", null);
        await AssertRefusedAsync(_old);
        await AssertTakenAsync(Slot.Secondary, _new);

        _world.Enrollments.PlaceAuthority("old", _old.Certificate, isVerified: false);
        await AssertRefusedAsync(_old);
        _world.Enrollments.PlaceAuthority("old", _old.Certificate);
        await AssertTakenAsync(Slot.Primary, _old);
    }

    [Fact]
    public async Task Another_certificate_under_the_name_takes_its_own_devices_and_no_others()
    {
        await _world.EnrollAsync(Group("old"));
        _world.Enrollments.PlaceAuthority("old", _new.Certificate);
        await AssertRefusedAsync(_old);
        await AssertTakenAsync(Slot.Primary, _new);
    }

    [Fact]
    public async Task Faults_name_the_certificate_and_the_remedy()
    {
        _world.Enrollments.PlaceAuthority("unproven", _new.Certificate, isVerified: false);
        await AssertInvalidAsync("'gone', which the service does not hold. Upload and verify it", Group("old", "gone"));
        await AssertInvalidAsync("'unproven', which is not verified. Prove possession", Group("unproven"));
        await AssertInvalidAsync("Both slots of the enrollment group 'g' refer to the CA certificate 'old'", Group("old", "OLD"));
        await AssertInvalidAsync("would refer to no CA certificate", Group(null));
        await AssertInvalidAsync("a group can", Group("old") with { Key = World.Device("dev-01") });
    }

    [Fact]
    public async Task A_group_can_be_changed_while_a_certificate_that_it_refers_to_is_gone()
    {
        await _world.EnrollAsync(Group("old"));
        _world.Enrollments.PlaceAuthority("old", null);
        var saved = await _world.EnrollAsync(Group("old", "new") with { IsEnabled = false });
        Assert.Null(saved.Mechanism.AnchorOf(Slot.Primary));
        Assert.Equal(_new.Certificate.Thumbprint, saved.Mechanism.AnchorOf(Slot.Secondary));
        Assert.IsType<SaveOutcome.Saved>(await SaveAsync(Group(null, "old")));
    }

    [Fact]
    public async Task One_reference_can_be_taken_out()
    {
        var saved = await _world.EnrollAsync(Group("old", "new"));
        var left = await _world.EnrollAsync(EnrollmentDraft.Without(saved, Slot.Primary));
        var references = Assert.IsType<AttestationMechanism.CaReferences>(left.Mechanism);
        Assert.Equal((null, "new"), (references.Primary?.Name, references.Secondary?.Name));
    }

    private static EnrollmentDraft Group(string? primary, string? secondary = null) =>
        new() { Key = World.Group("g"), Mechanism = new MechanismDraft.CaReferences(primary, secondary) };

    private async Task AssertTakenAsync(Slot slot, TestAuthority authority)
    {
        var accepted = Assert.IsType<AttestationVerdict.Accepted>(await _world.AttestAsync("dev-01", World.Chain(authority.IssueLeaf("dev-01"))));
        Assert.Equal((World.Group("g"), slot, authority.Certificate.Thumbprint), (accepted.Enrollment.Key, accepted.Slot, accepted.Anchor.Thumbprint));
    }

    private async Task AssertRefusedAsync(TestAuthority authority) =>
        Assert.IsType<AttestationVerdict.Refused>(await _world.AttestAsync("dev-01", World.Chain(authority.IssueLeaf("dev-01"))));

    private async Task AssertInvalidAsync(string expected, EnrollmentDraft draft) =>
        Assert.Contains(expected, Assert.IsType<SaveOutcome.Invalid>(await SaveAsync(draft)).Sentence, StringComparison.Ordinal);

    private Task<SaveOutcome> SaveAsync(EnrollmentDraft draft) =>
        _world.Save.RunAsync(draft, etag: null, "test", TestContext.Current.CancellationToken);
}
