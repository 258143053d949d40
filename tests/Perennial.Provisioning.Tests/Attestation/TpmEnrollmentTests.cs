using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Provisioning.Tests.Fakes;
using Perennial.Provisioning.Tpm;
using Perennial.X509;

namespace Perennial.Provisioning.Tests.Attestation;

public sealed class TpmEnrollmentTests
{
    private readonly World _world = new();
    private readonly TpmPublic _endorsement = Read(SampleTpm.Rsa());
    private readonly TpmPublic _storage = Read(SampleTpm.Rsa());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_key_that_was_wrapped_for_the_tpm_is_the_devices_and_no_other_is()
    {
        var key = KeyOf(await _world.EnrollAsync(Draft()));
        Assert.Equal(Slot.Primary, Assert.IsType<AttestationVerdict.Accepted>(await _world.AttestAsync("DEV-01", key)).Slot);
        Assert.Equal(AttestationRefusals.KeyNotEnrolled, Refusal(await _world.AttestAsync("dev-01", SymmetricKey.Mint())));
        await _world.EnrollAsync(Draft() with { IsEnabled = false });
        Assert.Equal(AttestationRefusals.EnrollmentDisabled, Refusal(await _world.AttestAsync("dev-01", key)));
    }

    [Fact]
    public async Task Saving_the_enrollment_again_keeps_the_key_and_making_it_anew_does_not()
    {
        var first = await _world.EnrollAsync(Draft());
        Assert.Equal(KeyOf(first), KeyOf(await _world.EnrollAsync(Draft() with { IsEdge = true })));
        await _world.Delete.RunAsync(first.Key, null, "test", Stop);
        Assert.NotEqual(KeyOf(first), KeyOf(await _world.EnrollAsync(Draft())));
    }

    [Fact]
    public async Task The_record_remembers_the_storage_root_key_that_the_device_showed()
    {
        var key = KeyOf(await _world.EnrollAsync(Draft()));
        var shown = await RegisterAsync(key, _storage);
        Assert.Equal((CredentialKind.Tpm, _storage), (shown.Credential.Kind, shown.StorageRootKey));
        Assert.Equal(_storage, (await RegisterAsync(key, null)).StorageRootKey);
        var other = Read(SampleTpm.Ecc());
        Assert.Equal(other, (await RegisterAsync(key, other)).StorageRootKey);
    }

    [Fact]
    public async Task A_challenge_is_posed_to_the_enrolled_tpm_alone()
    {
        var challenge = new ChallengeTpm(_world.Enrollments, World.TpmKeys);
        Assert.Equal(AttestationRefusals.TpmNotEnrolled, await AskAsync(_endorsement, _storage));
        await _world.EnrollAsync(Draft());
        Assert.Null(await AskAsync(_endorsement, _storage));
        Assert.Null(await AskAsync(_endorsement, Read(SampleTpm.Ecc())));
        Assert.Equal(AttestationRefusals.OtherTpm, await AskAsync(Read(SampleTpm.Rsa()), _storage));
        await _world.EnrollAsync(Draft() with { Mechanism = new MechanismDraft.Tpm(_endorsement, _storage) });
        Assert.Null(await AskAsync(_endorsement, _storage));
        Assert.Equal(AttestationRefusals.OtherTpm, await AskAsync(_endorsement, Read(SampleTpm.Ecc())));
        Assert.Equal(AttestationRefusals.TpmKeyUnreadable, (await challenge.RunAsync(World.Id("dev-01"), "AAAA", null, Stop) as TpmChallenge.Refused)?.Refusal.Reason);

        async Task<RefusalReason?> AskAsync(TpmPublic endorsement, TpmPublic storage) =>
            (await challenge.RunAsync(World.Id("dev-01"), endorsement.ToBase64(), storage.ToBase64(), Stop) as TpmChallenge.Refused)?.Refusal.Reason;
    }

    [Fact]
    public async Task A_group_cannot_attest_by_tpm()
    {
        var outcome = await _world.Save.RunAsync(Draft() with { Key = World.Group("g") }, null, "test", Stop);
        Assert.Contains("individual enrollment", Assert.IsType<SaveOutcome.Invalid>(outcome).Sentence, StringComparison.Ordinal);
    }

    private static TpmPublic Read(byte[] bytes) => TpmPublic.TryRead(bytes, out var key) ? key : throw new FormatException();

    private static SymmetricKey KeyOf(Enrollment enrollment) =>
        World.TpmKeys.KeysOf(enrollment, Assert.IsType<AttestationMechanism.Tpm>(enrollment.Mechanism)).Primary;

    private static RefusalReason Refusal(AttestationVerdict verdict) => Assert.IsType<AttestationVerdict.Refused>(verdict).Refusal.Reason;

    private EnrollmentDraft Draft() => new() { Key = World.Device("dev-01"), Mechanism = new MechanismDraft.Tpm(_endorsement, StorageRootKey: null) };

    private async Task<Registration> RegisterAsync(SymmetricKey key, TpmPublic? storage)
    {
        var proof = new DeviceProof.ByToken(_world.Token(key), storage);
        Assert.True(Authenticate.TryByToken(World.Id("dev-01"), proof, _world.Time.GetUtcNow(), out var device, out _));
        return Assert.IsType<RegistrationOutcome.Assigned>(await _world.Register.RunAsync(device, payload: null, request: null, Stop)).Registration;
    }
}
