using System.Text;
using Amqp.Sasl;
using Amqp.Types;
using Microsoft.Extensions.Time.Testing;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Tpm;
using Perennial.Server.Amqp;
using Perennial.Server.Connections;
using Perennial.Server.Tests.Amqp;
using Perennial.Server.Tests.Instances;

namespace Perennial.Server.Tests.Tpm;

public sealed class TpmMechanismTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly AmqpPeer _peer = new(new PresentedCertificates(), "dps.localhost");

    [Fact]
    public async Task A_device_is_given_its_key_in_segments_and_answers_with_its_token()
    {
        using var tpm = SoftwareTpm.Start("rsa");
        await using var instance = await ServedInstance.Open(_time).ComposeAsync();
        await instance.EnrollAsync("pump", new AttestationMechanism.Tpm(Read(tpm.EndorsementKey), StorageRootKey: null));
        var client = await BeginAsync(instance, instance.Instance.Document.IdScope, "pump", tpm);
        Assert.Equal([0], await ChallengeAsync(client));
        await client.SendSaslAsync(new SaslResponse { Response = [0, .. Convert.FromBase64String(tpm.StorageRootKey)] });

        var blob = new List<byte>();
        for (var number = 0; ; number++)
        {
            var segment = await ChallengeAsync(client);
            Assert.InRange(segment.Length, 2, 500);
            Assert.Equal(number, segment[0] & 3);
            Assert.NotEqual(0, segment[0] & 0x80);
            blob.AddRange(segment[1..]);
            if ((segment[0] & 0x40) != 0)
            {
                Assert.InRange(number, 0, 3);
                break;
            }

            await client.SendSaslAsync(new SaslResponse { Response = [0] });
        }

        tpm.Activate([.. blob]);
        var resource = $"{instance.Instance.Document.IdScope}/registrations/pump";
        var token = tpm.Token(resource, _time.GetUtcNow().AddHours(1), "registration");
        await client.SendSaslAsync(new SaslResponse { Response = [0, .. Encoding.UTF8.GetBytes(token)] });
        Assert.Equal(SaslCode.Ok, await OutcomeAsync(client));
        Assert.Equal((resource, token), (_peer.Plain!.UserName, _peer.Plain.Password));
        Assert.Equal(Read(tpm.StorageRootKey), _peer.Plain.StorageRootKey);
    }

    [Theory]
    [InlineData("{scope}", "nobody")]
    [InlineData("0neFFFFFFFF", "pump")]
    [InlineData("{scope}", "pu mp")]
    public async Task A_device_that_is_not_enrolled_is_refused(string scope, string id)
    {
        using var tpm = SoftwareTpm.Start("rsa");
        await using var instance = await ServedInstance.Open(_time).ComposeAsync();
        await instance.EnrollAsync("pump", new AttestationMechanism.Tpm(Read(tpm.EndorsementKey), StorageRootKey: null));
        var client = await BeginAsync(instance, scope.Replace("{scope}", instance.Instance.Document.IdScope, StringComparison.Ordinal), id, tpm);
        if (id == "nobody")
        {
            Assert.Equal([0], await ChallengeAsync(client));
            await client.SendSaslAsync(new SaslResponse { Response = [0, .. Convert.FromBase64String(tpm.StorageRootKey)] });
        }

        Assert.Equal(SaslCode.Auth, await OutcomeAsync(client));
        Assert.Null(_peer.Plain);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0000")]
    [InlineData("003000")]
    [InlineData("41")]
    public async Task A_broken_response_is_refused(string response)
    {
        await using var instance = await ServedInstance.Open(_time).ComposeAsync();
        var client = await BeginAsync(instance, Convert.FromHexString(response));
        Assert.Equal(SaslCode.Auth, await OutcomeAsync(client));
    }

    private static TpmPublic Read(string base64) => TpmPublic.TryParse(base64, out var key) ? key : throw new FormatException(base64);

    private static async Task<byte[]> ChallengeAsync(AmqpClient client) =>
        Assert.IsType<SaslChallenge>((await client.AnyFrameAsync())?.Performative).Challenge;

    private static async Task<SaslCode> OutcomeAsync(AmqpClient client) =>
        Assert.IsType<SaslOutcome>((await client.AnyFrameAsync())?.Performative).Code;

    private Task<AmqpClient> BeginAsync(ServedInstance instance, string scope, string id, SoftwareTpm tpm) => BeginAsync(
        instance, [0, .. Encoding.ASCII.GetBytes(scope), 0, .. Encoding.ASCII.GetBytes(id), 0, .. Convert.FromBase64String(tpm.EndorsementKey)]);

    private async Task<AmqpClient> BeginAsync(ServedInstance instance, byte[] response)
    {
        var client = new AmqpClient(instance.Parts.AmqpConnections, _peer, _time);
        await client.SendBytesAsync(ProtocolHeader.Sasl);
        await client.HeaderAsync();
        Assert.Contains("TPM", Assert.IsType<SaslMechanisms>((await client.AnyFrameAsync())?.Performative).SaslServerMechanisms.Select(name => name.ToString()));
        await client.SendSaslAsync(new SaslInit { Mechanism = new Symbol("TPM"), InitialResponse = response });
        return client;
    }
}
