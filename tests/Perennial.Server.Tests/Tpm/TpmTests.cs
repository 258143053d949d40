using System.Security.Cryptography;
using System.Text.Json;
using Perennial.Provisioning;
using Perennial.Provisioning.Tpm;
using Perennial.Server.Tests.Http;
using Perennial.Server.Tests.Instances;

namespace Perennial.Server.Tests.Tpm;

/// <summary>A device with a TPM against the service: only that TPM takes the key in, and what it signs then is the device's token.</summary>
public sealed class TpmTests
{
    private const string Version = "api-version=2019-03-31";

    [Theory]
    [InlineData("rsa")]
    [InlineData("ecc")]
    public void A_wrapped_key_comes_out_in_its_tpm_and_in_no_other(string algorithm)
    {
        using var tpm = SoftwareTpm.Start(algorithm);
        using var other = SoftwareTpm.Start(algorithm);
        var key = SymmetricKey.Mint();
        var blob = ActivationBlob.Wrap(Read(tpm.EndorsementKey), Read(tpm.StorageRootKey), key);

        tpm.Activate(blob);
        Assert.Equal(HMACSHA256.HashData(key.Bytes.Span, "some text"u8), tpm.Sign("some text"));
        Assert.ThrowsAny<Exception>(() => other.Activate(blob));
    }

    [Theory]
    [InlineData("rsa")]
    [InlineData("ecc")]
    public async Task A_device_registers_in_two_steps_and_sends_with_the_key_of_its_tpm(string algorithm)
    {
        using var tpm = SoftwareTpm.Start(algorithm);
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var owner = new ServiceClient(instance);
        using var device = new ServiceClient(instance, token: string.Empty);
        await EnrollAsync(owner, "pump", tpm);
        var path = $"/{instance.Instance.Document.IdScope}/registrations/pump";
        var keys = Keys(tpm);

        var (status, _, challenge) = await device.AskAsync(HttpMethod.Put, $"{path}/register?{Version}", keys);
        Assert.Equal((401, "registration"), (status, challenge.GetProperty("keyName").GetString()));
        tpm.Activate(challenge.GetProperty("authenticationKey").GetBytesFromBase64());

        using var signed = new ServiceClient(instance, token: Token(tpm, instance, "pump"));
        var (accepted, _, registered) = await signed.AskAsync(HttpMethod.Put, $"{path}/register?{Version}", keys);
        Assert.Equal((202, "assigned"), (accepted, registered.GetProperty("status").GetString()));
        var operation = registered.GetProperty("operationId").GetString();
        var (polled, _, ended) = await signed.AskAsync(HttpMethod.Get, $"{path}/operations/{operation}?{Version}", "{}");
        Assert.Equal(200, polled);
        var state = ended.GetProperty("registrationState");
        Assert.False(state.TryGetProperty("symmetricKey", out _));

        tpm.Activate(state.GetProperty("tpm").GetProperty("authenticationKey").GetBytesFromBase64());
        using var hub = new ServiceClient(instance, token: tpm.Token("localhost/devices/pump", TimeProvider.System.GetUtcNow().AddHours(1), keyName: null));
        Assert.Equal(204, (await hub.AskAsync(HttpMethod.Post, "/devices/pump/messages/events?api-version=2020-03-13", """{"level":3}""")).Status);
    }

    [Fact]
    public async Task Another_tpm_is_refused_and_so_is_a_token_that_no_tpm_signed()
    {
        using var tpm = SoftwareTpm.Start("rsa");
        using var other = SoftwareTpm.Start("rsa");
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var owner = new ServiceClient(instance);
        using var device = new ServiceClient(instance, token: string.Empty);
        await EnrollAsync(owner, "pump", tpm);
        var scope = instance.Instance.Document.IdScope;

        var (stranger, _, error) = await device.AskAsync(HttpMethod.Put, $"/{scope}/registrations/pump/register?{Version}", Keys(other));
        Assert.Equal((401, 401002), (stranger, error.GetProperty("errorCode").GetInt32()));
        Assert.Equal(404, (await device.AskAsync(HttpMethod.Put, $"/{scope}/registrations/nobody/register?{Version}", Keys(tpm))).Status);
        Assert.Equal(400, (await device.AskAsync(HttpMethod.Put, $"/{scope}/registrations/pump/register?{Version}", """{"tpm":{"endorsementKey":"AAAA"}}""")).Status);

        other.Activate(ActivationBlob.Wrap(Read(other.EndorsementKey), Read(other.StorageRootKey), SymmetricKey.Mint()));
        using var forged = new ServiceClient(instance, token: Token(other, instance, "pump"));
        Assert.Equal(401, (await forged.AskAsync(HttpMethod.Put, $"/{scope}/registrations/pump/register?{Version}", Keys(tpm))).Status);
    }

    [Fact]
    public async Task An_enrollment_made_again_has_another_key()
    {
        using var tpm = SoftwareTpm.Start("rsa");
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var owner = new ServiceClient(instance);
        using var device = new ServiceClient(instance, token: string.Empty);
        await EnrollAsync(owner, "pump", tpm);
        var register = $"/{instance.Instance.Document.IdScope}/registrations/pump/register?{Version}";
        tpm.Activate((await device.AskAsync(HttpMethod.Put, register, Keys(tpm))).Body.GetProperty("authenticationKey").GetBytesFromBase64());
        using var signed = new ServiceClient(instance, token: Token(tpm, instance, "pump"));
        Assert.Equal(202, (await signed.AskAsync(HttpMethod.Put, register, Keys(tpm))).Status);

        Assert.Equal(204, (await owner.AskAsync(HttpMethod.Delete, "/enrollments/pump?api-version=2021-10-01")).Status);
        Assert.Equal(401, (await signed.AskAsync(HttpMethod.Put, register, Keys(tpm))).Status);
        await EnrollAsync(owner, "pump", tpm);
        Assert.Equal(401, (await signed.AskAsync(HttpMethod.Put, register, Keys(tpm))).Status);
    }

    private static TpmPublic Read(string base64) => TpmPublic.TryParse(base64, out var key) ? key : throw new FormatException(base64);

    private static string Keys(SoftwareTpm tpm) =>
        JsonSerializer.Serialize(new { tpm = new { endorsementKey = tpm.EndorsementKey, storageRootKey = tpm.StorageRootKey } });

    private static string Token(SoftwareTpm tpm, ServedInstance instance, string id) =>
        tpm.Token($"{instance.Instance.Document.IdScope}/registrations/{id}", TimeProvider.System.GetUtcNow().AddHours(1), "registration");

    private static async Task EnrollAsync(ServiceClient owner, string id, SoftwareTpm tpm)
    {
        var enrollment = JsonSerializer.Serialize(new { registrationId = id, attestation = new { type = "tpm", tpm = new { endorsementKey = tpm.EndorsementKey } } });
        var (status, _, saved) = await owner.AskAsync(HttpMethod.Put, $"/enrollments/{id}?api-version=2021-10-01", enrollment);
        Assert.Equal((200, tpm.EndorsementKey), (status, saved.GetProperty("attestation").GetProperty("tpm").GetProperty("endorsementKey").GetString()));
    }
}
