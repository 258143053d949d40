using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Perennial.Authority.Keys;

/// <summary>A key on a token, in a session of its own.</summary>
internal sealed class TokenKey : IIssuerKey
{
    private readonly ISession _session;
    private readonly TokenWorker _worker;
    private readonly IObjectHandle _key;
    private readonly string _token;

    private TokenKey(ISession session, TokenWorker worker, IObjectHandle key, string token, byte[] publicKeyInfo, SignatureAlgorithm algorithm)
    {
        _session = session;
        _worker = worker;
        _key = key;
        _token = token;
        PublicKeyInfo = publicKeyInfo;
        Algorithm = algorithm;
    }

    public ReadOnlyMemory<byte> PublicKeyInfo { get; }

    public SignatureAlgorithm Algorithm { get; }

    /// <summary>Finds the key of an address; the session is the key's from then on, or is closed.</summary>
    internal static IIssuerKey Find(ISession session, TokenWorker worker, TokenAddress address)
    {
        var token = address.Token ?? address.Serial!;
        try
        {
            var label = address.Object
                ?? throw new KeyUnavailableException(KeyState.Lost, $"The address of a key on token {token} names no object (object=).");
            var key = TokenKeyPair.Find(session, CKO.CKO_PRIVATE_KEY, label);
            var info = TokenKeyPair.ReadPublicKey(session, TokenKeyPair.Find(session, CKO.CKO_PUBLIC_KEY, label), out var isRsa);
            var algorithm = isRsa ? SignatureAlgorithm.RsaSha256 : CurveAlgorithm(info);
            return new TokenKey(session, worker, key, token, info, algorithm);
        }
        catch (Exception fault)
        {
            session.Dispose();
            throw fault is KeyUnavailableException ? fault : TokenFaults.Of(token, fault);
        }
    }

    public Task<byte[]> SignAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        _worker.AskAsync(() => Sign(content.ToArray()), cancellationToken);

    public void Dispose()
    {
        var closing = _worker.AskAsync(
            () =>
            {
                _session.Dispose();
                return true;
            },
            CancellationToken.None);
        closing.ContinueWith(closed => _ = closed.Exception, TaskScheduler.Default);
    }

    private static SignatureAlgorithm CurveAlgorithm(byte[] publicKeyInfo)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKeyInfo, out _);
        return key.KeySize == 256 ? SignatureAlgorithm.EcdsaSha256 : SignatureAlgorithm.EcdsaSha384;
    }

    private byte[] Sign(byte[] content)
    {
        try
        {
            using var mechanism = _session.Factories.MechanismFactory.Create(Algorithm.IsRsa ? CKM.CKM_SHA256_RSA_PKCS : CKM.CKM_ECDSA);
            return Algorithm.IsRsa
                ? _session.Sign(mechanism, _key, content)
                : Encode(_session.Sign(mechanism, _key, CryptographicOperations.HashData(Algorithm.Hash, content)));
        }
        catch (Exception fault) when (fault is Pkcs11Exception or ObjectDisposedException)
        {
            throw TokenFaults.Of(_token, fault);
        }
    }

    /// <summary>Tokens give the two numbers one after the other; certificates hold them as a sequence.</summary>
    private static byte[] Encode(byte[] signature)
    {
        var half = signature.Length / 2;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(signature.AsSpan(0, half), isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(signature.AsSpan(half), isUnsigned: true, isBigEndian: true));
        }

        return writer.Encode();
    }
}
