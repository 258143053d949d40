using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Tests.Fakes;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Provisioning.Tests.Attestation;

public sealed class EnrollmentGroupTests : IDisposable
{
    private readonly World _world = new();
    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly TestAuthority _intermediate;
    private readonly TestCertificate _leaf;

    public EnrollmentGroupTests()
    {
        _intermediate = _root.CreateIntermediate();
        _leaf = _intermediate.IssueLeaf("dev-01");
    }

    public void Dispose()
    {
        _intermediate.Dispose();
        _root.Dispose();
    }

    [Fact]
    public async Task An_intermediate_in_the_primary_slot_takes_its_leaves_though_it_is_not_presented()
    {
        await _world.EnrollAsync(World.GroupOf("g", _intermediate.Certificate));
        AssertAccepted("g", Slot.Primary, await AttestAsync(World.Chain(_leaf)));
    }

    [Fact]
    public async Task A_root_takes_leaves_below_a_presented_intermediate()
    {
        await _world.EnrollAsync(World.GroupOf("g", _root.Certificate));
        AssertAccepted("g", Slot.Primary, await AttestAsync(World.Chain(_leaf, _intermediate)));
    }

    [Fact]
    public async Task Without_the_intermediate_the_root_cannot_be_reached()
    {
        await _world.EnrollAsync(World.GroupOf("g", _root.Certificate));
        AssertRefused(CertificateRefusals.MissingIntermediate, await AttestAsync(World.Chain(_leaf)));
    }

    [Fact]
    public async Task Leaves_of_the_staged_and_of_the_old_signer_are_both_accepted()
    {
        using var staged = _root.CreateIntermediate("Staged");
        await _world.EnrollAsync(World.GroupOf("g", _intermediate.Certificate, staged.Certificate));
        AssertAccepted("g", Slot.Primary, await AttestAsync(World.Chain(_leaf)));
        AssertAccepted("g", Slot.Secondary, await AttestAsync(World.Chain(staged.IssueLeaf("dev-01"))));
    }

    [Fact]
    public async Task Two_signers_of_one_name_are_told_apart_by_key()
    {
        using var rolled = _root.RollRoot();
        await _world.EnrollAsync(World.GroupOf("g", _root.Certificate, rolled.Certificate));
        AssertAccepted("g", Slot.Primary, await AttestAsync(World.Chain(_root.IssueLeaf("dev-01"))));
        AssertAccepted("g", Slot.Secondary, await AttestAsync(World.Chain(rolled.IssueLeaf("dev-01"))));
    }

    [Fact]
    public async Task The_nearest_signer_decides()
    {
        await _world.EnrollAsync(World.GroupOf("far", _root.Certificate));
        await _world.EnrollAsync(World.GroupOf("near", _intermediate.Certificate));
        AssertAccepted("near", Slot.Primary, await AttestAsync(World.Chain(_leaf, _intermediate)));
    }

    [Fact]
    public async Task A_disabled_nearer_group_denies_though_a_farther_one_would_take_the_device()
    {
        await _world.EnrollAsync(World.GroupOf("far", _root.Certificate));
        await _world.EnrollAsync(World.GroupOf("near", _intermediate.Certificate) with { IsEnabled = false });
        var refused = AssertRefused(AttestationRefusals.EnrollmentDisabled, await AttestAsync(World.Chain(_leaf, _intermediate)));
        Assert.Equal(World.Group("near"), refused.Nearest);
    }

    [Fact]
    public async Task A_disabled_farther_group_denies_nothing()
    {
        await _world.EnrollAsync(World.GroupOf("far", _root.Certificate) with { IsEnabled = false });
        await _world.EnrollAsync(World.GroupOf("near", _intermediate.Certificate));
        AssertAccepted("near", Slot.Primary, await AttestAsync(World.Chain(_leaf, _intermediate)));
    }

    [Fact]
    public async Task Deleting_the_denying_group_lets_the_farther_one_decide()
    {
        await _world.EnrollAsync(World.GroupOf("far", _root.Certificate));
        var near = await _world.EnrollAsync(World.GroupOf("near", _intermediate.Certificate) with { IsEnabled = false });
        await _world.Delete.RunAsync(near.Key, etag: null, "test", TestContext.Current.CancellationToken);
        AssertAccepted("far", Slot.Primary, await AttestAsync(World.Chain(_leaf, _intermediate)));
    }

    [Fact]
    public async Task A_self_made_authority_under_the_signers_name_is_a_forgery()
    {
        await _world.EnrollAsync(World.GroupOf("g", _intermediate.Certificate));
        using var forged = _intermediate.Forge();
        AssertRefused(CertificateRefusals.ForgedIssuer, await AttestAsync(World.Chain(forged.IssueLeaf("dev-01"), forged)));
    }

    [Fact]
    public async Task A_device_that_nobody_enrolled_is_told_so()
    {
        AssertRefused(AttestationRefusals.NotEnrolled, await AttestAsync(World.Chain(_leaf, _intermediate)));
    }

    [Fact]
    public async Task A_leaf_that_stands_in_another_devices_enrollment_is_refused()
    {
        var leaf = TestAuthority.CreateSelfSignedLeaf("dev-01");
        var key = EnrollmentKey.Individual(World.Id("dev-02"));
        var stray = new Enrollment
        {
            Key = key,
            Mechanism = new AttestationMechanism.Leaves(new CertificateSlots(leaf.Certificate, null)),
            ETag = "1",
            Created = _world.Time.GetUtcNow(),
            LastUpdated = _world.Time.GetUtcNow(),
        };
        await _world.Enrollments.SaveAsync(stray, null, "test", TestContext.Current.CancellationToken);
        var refused = AssertRefused(AttestationRefusals.LeafOfAnotherDevice, await AttestAsync(World.Chain(leaf)));
        Assert.Equal(key, refused.Nearest);
    }

    private Task<AttestationVerdict> AttestAsync(CertificateChain chain) => _world.AttestAsync("dev-01", chain);

    private static void AssertAccepted(string group, Slot slot, AttestationVerdict verdict)
    {
        var accepted = Assert.IsType<AttestationVerdict.Accepted>(verdict);
        Assert.Equal(World.Group(group), accepted.Enrollment.Key);
        Assert.Equal(slot, accepted.Slot);
    }

    private static AttestationVerdict.Refused AssertRefused(RefusalReason reason, AttestationVerdict verdict)
    {
        var refused = Assert.IsType<AttestationVerdict.Refused>(verdict);
        Assert.Equal(reason, refused.Refusal.Reason);
        return refused;
    }
}
