using Amqp.Sasl;
using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Tpm;
using Perennial.Server.Connections;
using Perennial.X509;

namespace Perennial.Server.Amqp;

/// <summary>
/// TPM: a device names itself and shows its public keys, is given its key wrapped for them, and answers with the token that it signs
/// (dps-protocol §4.3). The token is judged like that of PLAIN, at the first attach.
/// </summary>
internal sealed class TpmMechanism(string idScope, ChallengeTpm tpm, RefusalLedger refusals) : ISaslMechanism
{
    // SASL frames hold 512 bytes, and one client counts segments without wrapping at four.
    private const int SegmentLength = 470;

    private const byte HasPayload = 0x80;
    private const byte IsLast = 0x40;

    public string Name => "TPM";

    public async ValueTask<SaslCode> RunAsync(SaslInit init, Func<byte[], ValueTask<byte[]>> challenge, AmqpPeer peer)
    {
        if (!TryReadInit(init.InitialResponse, out var id, out var endorsementKey))
        {
            return SaslCode.Auth;
        }

        if (await challenge([0]) is not [0, .. var storageRootKey])
        {
            return SaslCode.Auth;
        }

        switch (await tpm.RunAsync(id, endorsementKey, Convert.ToBase64String(storageRootKey), CancellationToken.None))
        {
            case TpmChallenge.Posed { Blob: var blob }:
                if (await SendAsync(blob, challenge) is not [0, .. { Length: > 0 } token])
                {
                    return SaslCode.Auth;
                }

                _ = TpmPublic.TryRead(storageRootKey, out var shown);
                peer.Plain = new PlainCredentials($"{idScope}/registrations/{id}", Encoding.UTF8.GetString(token)) { StorageRootKey = shown };
                return SaslCode.Ok;
            case TpmChallenge.Refused { Refusal: var refusal }:
                refusals.Note(refusal, id.Value);
                return SaslCode.Auth;
            case var other:
                throw new InvalidOperationException($"Unknown challenge {other.GetType().Name}.");
        }
    }

    // A zero before each of id scope, registration id and endorsement key; only the key may hold zeros itself.
    private bool TryReadInit(byte[]? response, [NotNullWhen(true)] out RegistrationId? id, [NotNullWhen(true)] out string? endorsementKey)
    {
        (id, endorsementKey) = (null, null);
        var rest = response.AsSpan();
        if (rest.IsEmpty || rest[0] != 0 || !TryTake(ref rest, out var scope) || !TryTake(ref rest, out var name))
        {
            return false;
        }

        if (!string.Equals(scope, idScope, StringComparison.OrdinalIgnoreCase))
        {
            refusals.Note(new Refusal(ConnectionRefusals.UnknownIdScope, $"The device names '{scope}', this is '{idScope}'."), name);
            return false;
        }

        endorsementKey = Convert.ToBase64String(rest[1..]);
        return RegistrationId.TryParse(name, out id);
    }

    private static bool TryTake(ref Span<byte> rest, [NotNullWhen(true)] out string? text)
    {
        var end = rest[1..].IndexOf((byte)0);
        text = end < 0 ? null : Encoding.ASCII.GetString(rest.Slice(1, end));
        rest = end < 0 ? rest : rest[(end + 1)..];
        return text is not null;
    }

    /// <returns>The answer to the last segment; empty when one before it was answered with anything but a zero.</returns>
    private static async ValueTask<byte[]> SendAsync(ReadOnlyMemory<byte> blob, Func<byte[], ValueTask<byte[]>> challenge)
    {
        for (byte number = 0; ; number++)
        {
            var start = number * SegmentLength;
            var length = Math.Min(SegmentLength, blob.Length - start);
            var isLast = start + length == blob.Length;
            var control = (byte)(HasPayload | (isLast ? IsLast : 0) | number);
            var answer = await challenge([control, .. blob.Slice(start, length).Span]);
            if (isLast || answer is not [0])
            {
                return isLast ? answer : [];
            }
        }
    }
}
