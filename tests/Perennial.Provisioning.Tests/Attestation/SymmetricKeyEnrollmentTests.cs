using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Provisioning.Tests.Fakes;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Provisioning.Tests.Attestation;

public sealed class SymmetricKeyEnrollmentTests
{
    private readonly World _world = new();

    [Fact]
    public async Task Both_keys_of_an_individual_enrollment_are_accepted_and_no_other()
    {
        var keys = World.KeysOf(await _world.EnrollAsync(World.WithKeys(World.Device("dev-01"))));
        AssertAccepted("dev-01", Slot.Primary, await _world.AttestAsync("dev-01", keys.Primary));
        AssertAccepted("dev-01", Slot.Secondary, await _world.AttestAsync("DEV-01", keys.Secondary));
        AssertRefused(AttestationRefusals.KeyNotEnrolled, await _world.AttestAsync("dev-01", SymmetricKey.Mint()));
    }

    [Fact]
    public async Task The_hub_is_given_the_keys_of_the_enrollment()
    {
        var keys = World.KeysOf(await _world.EnrollAsync(World.WithKeys(World.Device("dev-01"))));
        var assigned = Assert.IsType<RegistrationOutcome.Assigned>(await _world.RegisterAsync("dev-01", keys.Secondary));
        Assert.Equal(new RegisteredCredential(CredentialKind.SymmetricKey, keys.Secondary.Fingerprint), assigned.Registration.Credential);
        Assert.Equal(keys.Primary.Fingerprint, _world.Hubs[0].Devices["dev-01"].Leaf);
    }

    [Fact]
    public async Task The_hub_is_given_the_keys_derived_from_the_groups()
    {
        var keys = World.KeysOf(await _world.EnrollAsync(World.WithKeys(World.Group("g"))));
        await _world.RegisterAsync("dev-01", keys.Secondary.Derive("dev-01"));
        Assert.Equal(keys.Primary.Derive("dev-01").Fingerprint, _world.Hubs[0].Devices["dev-01"].Leaf);
    }

    [Fact]
    public async Task A_key_derived_from_either_key_of_a_group_is_accepted()
    {
        var keys = World.KeysOf(await _world.EnrollAsync(World.WithKeys(World.Group("g"))));
        AssertAccepted("g", Slot.Primary, await _world.AttestAsync("dev-01", keys.Primary.Derive("dev-01")));
        AssertAccepted("g", Slot.Secondary, await _world.AttestAsync("dev-01", keys.Secondary.Derive("dev-01")));
        AssertRefused(AttestationRefusals.NoKeyEnrolled, await _world.AttestAsync("dev-01", keys.Primary.Derive("dev-02")));
    }

    [Fact]
    public async Task The_key_may_be_derived_from_the_id_as_spelled_or_in_lower_case()
    {
        var keys = World.KeysOf(await _world.EnrollAsync(World.WithKeys(World.Group("g"))));
        AssertAccepted("g", Slot.Primary, await _world.AttestAsync("Dev-01", keys.Primary.Derive("Dev-01")));
        AssertAccepted("g", Slot.Primary, await _world.AttestAsync("Dev-01", keys.Primary.Derive("dev-01")));
        AssertRefused(AttestationRefusals.NoKeyEnrolled, await _world.AttestAsync("Dev-01", keys.Primary.Derive("DEV-01")));
    }

    [Fact]
    public async Task The_key_of_a_group_itself_is_refused()
    {
        var keys = World.KeysOf(await _world.EnrollAsync(World.WithKeys(World.Group("g"))));
        AssertRefused(AttestationRefusals.GroupKeyUsed, await _world.AttestAsync("dev-01", keys.Primary));
        AssertRefused(AttestationRefusals.GroupKeyUsed, await _world.AttestAsync("dev-01", keys.Secondary));
    }

    [Fact]
    public async Task Of_two_groups_with_the_same_key_the_older_takes_the_device()
    {
        var key = SymmetricKey.Mint();
        await _world.EnrollAsync(World.WithKeys(World.Group("older"), key));
        await _world.EnrollAsync(World.WithKeys(World.Group("newer"), null, key));
        AssertAccepted("older", Slot.Primary, await _world.AttestAsync("dev-01", key.Derive("dev-01")));
    }

    [Fact]
    public async Task A_disabled_group_denies_only_what_no_enabled_one_takes()
    {
        var key = SymmetricKey.Mint();
        await _world.EnrollAsync(World.WithKeys(World.Group("older"), key) with { IsEnabled = false });
        AssertRefused(AttestationRefusals.EnrollmentDisabled, await _world.AttestAsync("dev-01", key.Derive("dev-01")));
        AssertRefused(AttestationRefusals.NoKeyEnrolled, await _world.AttestAsync("dev-01", SymmetricKey.Mint()));
        await _world.EnrollAsync(World.WithKeys(World.Group("newer"), key));
        AssertAccepted("newer", Slot.Primary, await _world.AttestAsync("dev-01", key.Derive("dev-01")));
    }

    [Fact]
    public async Task An_individual_enrollment_decides_alone_whatever_its_mechanism()
    {
        var keys = World.KeysOf(await _world.EnrollAsync(World.WithKeys(World.Group("g"))));
        var derived = keys.Primary.Derive("dev-01");
        await _world.EnrollAsync(World.WithKeys(World.Device("dev-01")));
        AssertRefused(AttestationRefusals.KeyNotEnrolled, await _world.AttestAsync("dev-01", derived));
        await _world.EnrollAsync(World.Individual("dev-01", TestAuthority.CreateSelfSignedLeaf("dev-01").Certificate));
        AssertRefused(AttestationRefusals.OtherMechanism, await _world.AttestAsync("dev-01", derived));
    }

    [Fact]
    public async Task An_individual_enrollment_with_keys_blocks_a_certificate_that_a_group_would_take()
    {
        using var root = TestAuthority.CreateRoot();
        await _world.EnrollAsync(World.GroupOf("g", root.Certificate));
        await _world.EnrollAsync(World.WithKeys(World.Device("dev-01")) with { IsEnabled = false });
        AssertRefused(AttestationRefusals.OtherMechanism, await _world.AttestAsync("dev-01", World.Chain(root.IssueLeaf("dev-01"))));
    }

    [Fact]
    public async Task A_disabled_individual_enrollment_denies_its_own_key()
    {
        var key = SymmetricKey.Mint();
        await _world.EnrollAsync(World.WithKeys(World.Device("dev-01"), key) with { IsEnabled = false });
        AssertRefused(AttestationRefusals.EnrollmentDisabled, await _world.AttestAsync("dev-01", key));
    }

    [Fact]
    public void A_token_must_be_for_the_device_and_alive()
    {
        var key = SymmetricKey.Mint();
        Assert.Equal(AttestationRefusals.TokenResourceWrong, Refusal(_world.Token(key, isForDevice: false)));
        Assert.Equal(AttestationRefusals.TokenExpired, Refusal(_world.Token(key, TimeSpan.FromMinutes(-5))));
        Assert.Null(Refusal(_world.Token(key, TimeSpan.FromMinutes(-4))));

        RefusalReason? Refusal(DeviceToken token) =>
            Authenticate.TryByToken(World.Id("dev-01"), new DeviceProof.ByToken(token), _world.Time.GetUtcNow(), out _, out var refusal) ? null : refusal.Reason;
    }

    [Fact]
    public async Task A_poll_is_answered_for_a_token_that_the_enrollment_still_takes()
    {
        var keys = World.KeysOf(await _world.EnrollAsync(World.WithKeys(World.Device("dev-01"))));
        var operation = Assert.IsType<RegistrationOutcome.Assigned>(await _world.RegisterAsync("dev-01", keys.Primary)).Registration.OperationId;
        Assert.IsType<OperationOutcome.Found>(await FindAsync(keys.Primary, operation));
        Assert.IsType<OperationOutcome.Found>(await FindAsync(keys.Secondary, null));
        Assert.IsType<OperationOutcome.NotFound>(await FindAsync(keys.Primary, "5.0"));
        Assert.IsType<OperationOutcome.Refused>(await FindAsync(SymmetricKey.Mint(), operation));

        Task<OperationOutcome> FindAsync(SymmetricKey key, string? id) =>
            _world.Find.RunAsync(_world.Authenticated("dev-01", key), id, TestContext.Current.CancellationToken);
    }

    private static void AssertAccepted(string enrollment, Slot slot, AttestationVerdict verdict)
    {
        var accepted = Assert.IsType<AttestationVerdict.Accepted>(verdict);
        Assert.Equal((enrollment, slot), (accepted.Enrollment.Key.Id, accepted.Slot));
        Assert.Equal(accepted.Enrollment.Mechanism.AnchorOf(slot), accepted.Anchor.Thumbprint);
    }

    private static void AssertRefused(RefusalReason reason, AttestationVerdict verdict) =>
        Assert.Equal(reason, Assert.IsType<AttestationVerdict.Refused>(verdict).Refusal.Reason);
}
