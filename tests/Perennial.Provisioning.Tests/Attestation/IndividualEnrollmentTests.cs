using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Tests.Fakes;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Provisioning.Tests.Attestation;

public sealed class IndividualEnrollmentTests
{
    private readonly World _world = new();
    private readonly TestCertificate _old = TestAuthority.CreateSelfSignedLeaf("dev-01");
    private readonly TestCertificate _new = TestAuthority.CreateSelfSignedLeaf("dev-01");

    [Theory]
    [InlineData(Slot.Primary)]
    [InlineData(Slot.Secondary)]
    public async Task The_exact_leaf_in_either_slot_is_accepted(Slot slot)
    {
        var other = _new.Certificate;
        await _world.EnrollAsync(slot == Slot.Primary
            ? World.Individual("dev-01", _old.Certificate, other)
            : World.Individual("dev-01", other, _old.Certificate));

        var accepted = Assert.IsType<AttestationVerdict.Accepted>(await _world.AttestAsync("dev-01", World.Chain(_old)));
        Assert.Equal(slot, accepted.Slot);
        Assert.Equal(_old.Certificate.Thumbprint, accepted.Anchor.Thumbprint);
    }

    [Fact]
    public async Task A_lone_secondary_is_enough()
    {
        await _world.EnrollAsync(World.Individual("dev-01", null, _old.Certificate));
        Assert.IsType<AttestationVerdict.Accepted>(await _world.AttestAsync("dev-01", World.Chain(_old)));
    }

    [Fact]
    public async Task The_id_is_compared_without_case()
    {
        await _world.EnrollAsync(World.Individual("DEV-01", _old.Certificate));
        Assert.IsType<AttestationVerdict.Accepted>(await _world.AttestAsync("Dev-01", World.Chain(_old)));
    }

    [Fact]
    public async Task Another_leaf_of_the_same_name_is_refused()
    {
        await _world.EnrollAsync(World.Individual("dev-01", _old.Certificate));
        AssertRefused(AttestationRefusals.LeafNotEnrolled, await _world.AttestAsync("dev-01", World.Chain(_new)));
    }

    [Fact]
    public async Task A_disabled_enrollment_refuses_its_own_leaf()
    {
        await _world.EnrollAsync(World.Individual("dev-01", _old.Certificate) with { IsEnabled = false });
        AssertRefused(AttestationRefusals.EnrollmentDisabled, await _world.AttestAsync("dev-01", World.Chain(_old)));
    }

    [Fact]
    public async Task It_decides_alone_also_when_a_group_would_take_the_device()
    {
        using var root = TestAuthority.CreateRoot();
        var leaf = root.IssueLeaf("dev-01");
        await _world.EnrollAsync(World.GroupOf("all", root.Certificate));
        await _world.EnrollAsync(World.Individual("dev-01", _old.Certificate));
        AssertRefused(AttestationRefusals.LeafNotEnrolled, await _world.AttestAsync("dev-01", World.Chain(leaf)));
    }

    [Fact]
    public async Task A_disabled_one_denies_a_device_that_a_group_would_take()
    {
        using var root = TestAuthority.CreateRoot();
        var leaf = root.IssueLeaf("dev-01");
        await _world.EnrollAsync(World.GroupOf("all", root.Certificate));
        await _world.EnrollAsync(World.Individual("dev-01", leaf.Certificate) with { IsEnabled = false });
        AssertRefused(AttestationRefusals.EnrollmentDisabled, await _world.AttestAsync("dev-01", World.Chain(leaf)));
    }

    [Fact]
    public async Task An_expired_leaf_is_refused_though_enrolled()
    {
        var expired = TestAuthority.CreateSelfSignedLeaf("dev-01", new() { NotAfter = new(2029, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        await _world.EnrollAsync(World.Individual("dev-01", expired.Certificate));
        AssertRefused(CertificateRefusals.Expired, await _world.AttestAsync("dev-01", World.Chain(expired)));
    }

    [Fact]
    public async Task It_may_hold_a_signer_instead_of_leaves()
    {
        using var root = TestAuthority.CreateRoot();
        await _world.EnrollAsync(World.GroupOf("x", root.Certificate) with { Key = EnrollmentKey.Individual(World.Id("dev-01")) });
        Assert.IsType<AttestationVerdict.Accepted>(await _world.AttestAsync("dev-01", World.Chain(root.IssueLeaf("dev-01"))));
        AssertRefused(AttestationRefusals.NotEnrolled, await _world.AttestAsync("dev-02", World.Chain(TestAuthority.CreateSelfSignedLeaf("dev-02"))));
    }

    [Fact]
    public void A_leaf_under_another_name_than_announced_proves_nothing()
    {
        Assert.False(Authenticate.TryByCertificate(World.Id("dev-02"), World.Chain(_old), out _, out var refusal));
        Assert.Equal(AttestationRefusals.CommonNameMismatch, refusal.Reason);
    }

    private static void AssertRefused(RefusalReason reason, AttestationVerdict verdict) =>
        Assert.Equal(reason, Assert.IsType<AttestationVerdict.Refused>(verdict).Refusal.Reason);
}
