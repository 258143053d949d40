using Perennial.Hub.Access;
using Perennial.Hub.Devices;
using Perennial.Hub.Messages;
using Perennial.Hub.Sessions;
using Perennial.Hub.Tests.Fakes;
using Perennial.TestCertificates;

namespace Perennial.Hub.Tests.Sessions;

public sealed class AuthenticateDeviceTests
{
    private readonly World _world = new();
    private readonly TestCertificate _leaf = TestAuthority.CreateSelfSignedLeaf("dev");
    private readonly TestCertificate _other = TestAuthority.CreateSelfSignedLeaf("dev");

    [Fact]
    public async Task An_unknown_device_is_refused() =>
        Assert.Same(HubRefusals.UnknownDevice, await _world.RefusalAsync("dev", World.With(_leaf)));

    [Fact]
    public async Task An_id_in_another_case_is_another_device()
    {
        await _world.AddFollowerAsync("dev", _leaf.Certificate);
        Assert.Same(HubRefusals.UnknownDevice, await _world.RefusalAsync("Dev", World.With(_leaf)));
    }

    [Fact]
    public async Task A_disabled_device_is_refused()
    {
        await _world.AddAsync("dev", World.Thumbprints(_leaf.Certificate.Sha1Thumbprint), isEnabled: false);
        Assert.Same(HubRefusals.DeviceDisabled, await _world.RefusalAsync("dev", World.With(_leaf)));
    }

    [Fact]
    public async Task A_device_without_credential_is_refused()
    {
        await _world.AddFollowerAsync("dev", _leaf.Certificate);
        Assert.Same(HubRefusals.NoCredential, await _world.RefusalAsync("dev", new PresentedCredential.Nothing()));
    }

    [Fact]
    public async Task A_follower_is_accepted_by_what_its_enrollment_holds_now()
    {
        await _world.AddFollowerAsync("dev", _leaf.Certificate);
        Assert.Same(MemoryEnrollments.NotEnrolled, await _world.RefusalAsync("dev", World.With(_other)));
        _world.Enrollments.Save("dev", _leaf.Certificate, _other.Certificate);
        var accepted = Assert.IsType<DeviceVerdict.Accepted>(await _world.AskAsync("dev", World.With(_other)));
        var proof = Assert.IsType<ConnectionProof.ByEnrollment>(accepted.Proof);
        Assert.Equal((CredentialSlot.Secondary, _other.Certificate.Thumbprint), (proof.Slot, proof.Anchor));
    }

    [Fact]
    public async Task A_refused_follower_names_its_enrollment()
    {
        await _world.AddFollowerAsync("dev", _leaf.Certificate);
        var refused = Assert.IsType<DeviceVerdict.Refused>(await _world.AskAsync("dev", World.With(_other)));
        Assert.Equal(MemoryEnrollments.Reference("DEV"), refused.Nearest);
    }

    [Fact]
    public async Task In_azure_mode_only_the_registered_leaf_counts()
    {
        var world = new World(HubBehaviour.Azure);
        await world.AddFollowerAsync("dev", _leaf.Certificate, _other.Certificate);
        Assert.IsType<DeviceVerdict.Accepted>(await world.AskAsync("dev", World.With(_leaf)));
        Assert.Same(HubRefusals.UnknownThumbprint, await world.RefusalAsync("dev", World.With(_other)));
    }

    [Fact]
    public async Task A_by_hand_identity_takes_its_own_two_leaves_alone()
    {
        await _world.AddAsync("dev", World.Thumbprints(_leaf.Certificate.Sha1Thumbprint, _other.Certificate.Thumbprint.ToString()));
        Assert.Equal(new ConnectionProof.ByThumbprint(CredentialSlot.Primary), await ProofAsync(_world, World.With(_leaf)));
        Assert.Equal(new ConnectionProof.ByThumbprint(CredentialSlot.Secondary), await ProofAsync(_world, World.With(_other)));
        Assert.Same(
            HubRefusals.UnknownThumbprint, await _world.RefusalAsync("dev", World.With(TestAuthority.CreateSelfSignedLeaf("dev"))));
    }

    [Theory]
    [InlineData(-10, -1, 2001)]
    [InlineData(1, 10, 2002)]
    public async Task A_pinned_leaf_must_be_in_date(int from, int to, int number)
    {
        var now = _world.Time.GetUtcNow();
        var leaf = TestAuthority.CreateSelfSignedLeaf("dev", new() { NotBefore = now.AddDays(from), NotAfter = now.AddDays(to) });
        await _world.AddAsync("dev", World.Thumbprints(leaf.Certificate.Thumbprint.ToString()));
        Assert.Equal(number, (await _world.RefusalAsync("dev", World.With(leaf)))?.Number);
    }

    [Fact]
    public async Task A_pinned_leaf_needs_nothing_but_its_dates()
    {
        var leaf = TestAuthority.CreateSelfSignedLeaf("someone else", new() { IsAuthority = true, Purposes = [] });
        await _world.AddAsync("dev", World.Thumbprints(leaf.Certificate.Thumbprint.ToString()));
        Assert.IsType<DeviceVerdict.Accepted>(await _world.AskAsync("dev", World.With(leaf)));
    }

    [Fact]
    public async Task In_authority_mode_the_chain_and_the_common_name_decide()
    {
        using var root = TestAuthority.CreateRoot();
        using var intermediate = root.CreateIntermediate();
        var world = new World(HubBehaviour.FollowEnrollment, root.Certificate);
        await world.AddAsync("dev", new DeviceCredential.CertificateAuthority());
        Assert.Equal(
            root.Certificate.Thumbprint,
            Assert.IsType<ConnectionProof.ByAuthority>(await ProofAsync(world, World.With(intermediate.IssueLeaf("dev"), intermediate))).Anchor.Thumbprint);
        Assert.Same(HubRefusals.CommonNameMismatch, await world.RefusalAsync("dev", World.With(intermediate.IssueLeaf("Dev"), intermediate)));
        Assert.NotNull(await world.RefusalAsync("dev", World.With(_leaf)));
        Assert.NotNull(await world.RefusalAsync("dev", World.With(root.Forge().IssueLeaf("dev"))));
    }

    [Fact]
    public async Task A_token_is_accepted_by_either_key()
    {
        var keys = (DeviceCredential.SymmetricKeys)(await _world.AddAsync("dev")).Credential;
        Assert.Equal(new ConnectionProof.BySymmetricKey(CredentialSlot.Primary), await ProofAsync(_world, _world.Token(keys.Primary)));
        Assert.Equal(new ConnectionProof.BySymmetricKey(CredentialSlot.Secondary), await ProofAsync(_world, _world.Token(keys.Secondary)));
    }

    [Fact]
    public async Task A_token_must_be_signed_alive_and_for_the_device()
    {
        var keys = (DeviceCredential.SymmetricKeys)(await _world.AddAsync("dev")).Credential;
        Assert.Same(SasRefusals.WrongSignature, await _world.RefusalAsync("dev", _world.Token(new byte[32])));
        Assert.Same(SasRefusals.Expired, await _world.RefusalAsync("dev", _world.Token(keys.Primary, life: TimeSpan.FromMinutes(-5))));
        Assert.Null(await _world.RefusalAsync("dev", _world.Token(keys.Primary, life: TimeSpan.FromMinutes(-4))));
        Assert.Same(SasRefusals.WrongResource, await _world.RefusalAsync("dev", _world.Token(keys.Primary, covers: false)));
    }

    [Fact]
    public async Task A_module_is_proven_by_a_token_of_its_own_keys_or_of_its_devices()
    {
        var device = (DeviceCredential.SymmetricKeys)(await _world.AddAsync("dev")).Credential;
        var module = (DeviceCredential.SymmetricKeys)(await _world.AddAsync("dev/mod")).Credential;
        Assert.Null(await _world.RefusalAsync("dev/mod", _world.Token(module.Secondary)));
        Assert.Null(await _world.RefusalAsync("dev/mod", _world.Token(device.Primary)));
        Assert.Same(SasRefusals.WrongResource, await _world.RefusalAsync("dev/mod", _world.Token(device.Primary, covers: false)));
        Assert.Same(SasRefusals.WrongSignature, await _world.RefusalAsync("dev/mod", _world.Token(new byte[32])));
        Assert.Same(SasRefusals.WrongSignature, await _world.RefusalAsync("dev", _world.Token(module.Primary)));
    }

    [Fact]
    public async Task A_module_in_authority_mode_has_both_ids_in_its_common_name()
    {
        using var authority = TestAuthority.CreateRoot();
        var world = new World(HubBehaviour.FollowEnrollment, authority.Certificate);
        await world.AddAsync("dev");
        await world.AddAsync("dev/mod", new DeviceCredential.CertificateAuthority());
        Assert.Null(await world.RefusalAsync("dev/mod", World.With(authority.IssueLeaf("dev/mod"))));
        Assert.Same(HubRefusals.CommonNameMismatch, await world.RefusalAsync("dev/mod", World.With(authority.IssueLeaf("dev"))));
    }

    [Fact]
    public async Task A_policy_with_the_right_connects_as_any_device_that_has_keys()
    {
        await _world.AddAsync("dev");
        Assert.Equal(new ConnectionProof.ByPolicy("device"), await ProofAsync(_world, _world.Token(_world.Policies.Find("device")!.SecondaryKey, "device")));
        Assert.Same(
            SasRefusals.MissingPermission, await _world.RefusalAsync("dev", _world.Token(_world.Policies.Find("service")!.PrimaryKey, "service")));
        Assert.Same(SasRefusals.UnknownPolicy, await _world.RefusalAsync("dev", _world.Token(new byte[32], "nobody")));
    }

    [Fact]
    public async Task The_wrong_kind_of_credential_is_refused()
    {
        var owner = _world.Policies.Find("iothubowner")!;
        await _world.AddAsync("dev");
        Assert.Same(HubRefusals.WrongCredentialKind, await _world.RefusalAsync("dev", World.With(_leaf)));
        await _world.AddFollowerAsync("x509", _leaf.Certificate);
        Assert.Same(HubRefusals.WrongCredentialKind, await _world.RefusalAsync("x509", _world.Token(owner.PrimaryKey, owner.Name)));
    }

    [Fact]
    public async Task A_follower_is_accepted_by_the_keys_that_its_enrollment_holds_now()
    {
        var (old, rolled) = (DeviceCredential.SymmetricKeys.Mint(), DeviceCredential.SymmetricKeys.Mint());
        await _world.AddFollowerAsync("dev", old);
        Assert.Same(MemoryEnrollments.NotEnrolled, await _world.RefusalAsync("dev", _world.Token(rolled.Secondary)));
        _world.Enrollments.SaveKeys("dev", old.Primary, rolled.Secondary);
        var proof = Assert.IsType<ConnectionProof.ByEnrollment>(await ProofAsync(_world, _world.Token(rolled.Secondary)));
        Assert.Equal((CredentialSlot.Secondary, true), (proof.Slot, proof.IsToken));
        Assert.Equal("sas", AuthenticationMethod.Of(proof).Type);
        Assert.Same(MemoryEnrollments.NotEnrolled, await _world.RefusalAsync("dev", _world.Token(old.Secondary)));
    }

    [Fact]
    public async Task A_token_of_a_follower_must_be_alive_and_for_the_device()
    {
        var keys = DeviceCredential.SymmetricKeys.Mint();
        await _world.AddFollowerAsync("dev", keys);
        Assert.Same(SasRefusals.Expired, await _world.RefusalAsync("dev", _world.Token(keys.Primary, life: TimeSpan.FromMinutes(-5))));
        Assert.Same(SasRefusals.WrongResource, await _world.RefusalAsync("dev", _world.Token(keys.Primary, covers: false)));
    }

    [Fact]
    public async Task A_policy_connects_also_as_a_follower_that_has_keys()
    {
        await _world.AddFollowerAsync("dev", DeviceCredential.SymmetricKeys.Mint());
        Assert.Equal(new ConnectionProof.ByPolicy("device"), await ProofAsync(_world, _world.Token(_world.Policies.Find("device")!.PrimaryKey, "device")));
    }

    [Fact]
    public async Task In_azure_mode_only_the_registered_keys_count()
    {
        var world = new World(HubBehaviour.Azure);
        var (registered, rolled) = (DeviceCredential.SymmetricKeys.Mint(), DeviceCredential.SymmetricKeys.Mint());
        await world.AddFollowerAsync("dev", registered);
        world.Enrollments.SaveKeys("dev", rolled.Primary, rolled.Secondary);
        Assert.Equal(new ConnectionProof.BySymmetricKey(CredentialSlot.Primary), await ProofAsync(world, world.Token(registered.Primary)));
        Assert.Same(SasRefusals.WrongSignature, await world.RefusalAsync("dev", world.Token(rolled.Primary)));
    }

    private static async Task<ConnectionProof> ProofAsync(World world, PresentedCredential presented) =>
        Assert.IsType<DeviceVerdict.Accepted>(await world.AskAsync("dev", presented)).Proof;
}
