using System.Formats.Asn1;
using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Perennial.Authority.Keys;

/// <summary>Makes and reads key pairs on a token.</summary>
internal static class TokenKeyPair
{
    private const int IdLength = 8;

    /// <summary>Makes a pair that never leaves the token.</summary>
    internal static void Generate(ISession session, string label, KeyAlgorithm algorithm)
    {
        var attributes = session.Factories.ObjectAttributeFactory;
        var id = RandomNumberGenerator.GetBytes(IdLength);
        var shared = new[] { attributes.Create(CKA.CKA_TOKEN, true), attributes.Create(CKA.CKA_LABEL, label), attributes.Create(CKA.CKA_ID, id) };
        var publicKey = new List<IObjectAttribute>(shared) { attributes.Create(CKA.CKA_VERIFY, true) };
        var privateKey = new List<IObjectAttribute>(shared)
        {
            attributes.Create(CKA.CKA_PRIVATE, true),
            attributes.Create(CKA.CKA_SENSITIVE, true),
            attributes.Create(CKA.CKA_EXTRACTABLE, false),
            attributes.Create(CKA.CKA_SIGN, true),
        };
        var isRsa = algorithm is KeyAlgorithm.Rsa2048 or KeyAlgorithm.Rsa3072;
        if (isRsa)
        {
            publicKey.Add(attributes.Create(CKA.CKA_MODULUS_BITS, algorithm == KeyAlgorithm.Rsa3072 ? 3072UL : 2048UL));
            publicKey.Add(attributes.Create(CKA.CKA_PUBLIC_EXPONENT, [1, 0, 1]));
        }
        else
        {
            publicKey.Add(attributes.Create(CKA.CKA_EC_PARAMS, CurveOf(algorithm)));
        }

        using var mechanism = session.Factories.MechanismFactory.Create(isRsa ? CKM.CKM_RSA_PKCS_KEY_PAIR_GEN : CKM.CKM_EC_KEY_PAIR_GEN);
        session.GenerateKeyPair(mechanism, publicKey, privateKey, out _, out _);
    }

    /// <summary>The one object of a kind with a label.</summary>
    /// <exception cref="KeyUnavailableException">There is none, or there are several.</exception>
    internal static IObjectHandle Find(ISession session, CKO kind, string label)
    {
        var attributes = session.Factories.ObjectAttributeFactory;
        var found = session.FindAllObjects([attributes.Create(CKA.CKA_CLASS, kind), attributes.Create(CKA.CKA_LABEL, label)]);
        return found.Count == 1
            ? found[0]
            : throw new KeyUnavailableException(KeyState.Lost, $"The token holds {found.Count} objects of kind {kind} with the label '{label}'; wanted one.");
    }

    /// <summary>The public key as an encoded SubjectPublicKeyInfo.</summary>
    internal static byte[] ReadPublicKey(ISession session, IObjectHandle key, out bool isRsa)
    {
        var type = session.GetAttributeValue(key, [CKA.CKA_KEY_TYPE])[0].GetValueAsUlong();
        isRsa = type == (ulong)CKK.CKK_RSA;
        return isRsa ? ReadRsa(session, key) : ReadPoint(session, key);
    }

    private static byte[] ReadRsa(ISession session, IObjectHandle key)
    {
        var parts = session.GetAttributeValue(key, [CKA.CKA_MODULUS, CKA.CKA_PUBLIC_EXPONENT]);
        using var rsa = RSA.Create(new RSAParameters { Modulus = parts[0].GetValueAsByteArray(), Exponent = parts[1].GetValueAsByteArray() });
        return rsa.ExportSubjectPublicKeyInfo();
    }

    private static byte[] ReadPoint(ISession session, IObjectHandle key)
    {
        var parts = session.GetAttributeValue(key, [CKA.CKA_EC_PARAMS, CKA.CKA_EC_POINT]);
        var curve = ECCurve.CreateFromValue(AsnDecoder.ReadObjectIdentifier(parts[0].GetValueAsByteArray(), AsnEncodingRules.DER, out _));
        var point = AsnDecoder.ReadOctetString(parts[1].GetValueAsByteArray(), AsnEncodingRules.DER, out _);
        var length = (point.Length - 1) / 2;
        using var ecdsa = ECDsa.Create(new ECParameters { Curve = curve, Q = new() { X = point[1..(1 + length)], Y = point[(1 + length)..] } });
        return ecdsa.ExportSubjectPublicKeyInfo();
    }

    private static byte[] CurveOf(KeyAlgorithm algorithm)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(algorithm == KeyAlgorithm.P384 ? "1.3.132.0.34" : "1.2.840.10045.3.1.7");
        return writer.Encode();
    }
}
