using System.Formats.Asn1;
using System.Security.Cryptography;
using Perennial.X509.Parsing;

namespace Perennial.X509.Paths;

/// <summary>Which public keys are strong enough.</summary>
internal static class KeyRules
{
    private const int MinModulusBits = 2048;
    private const int MaxModulusBits = 8192;
    private const int MaxExponentBytes = 4;

    internal static Refusal? Check(Certificate certificate) => Check(certificate.PublicKey, certificate.Describe);

    /// <param name="key">The key.</param>
    /// <param name="owner">Says whose key it is.</param>
    internal static Refusal? Check(SubjectPublicKey key, Func<string> owner) => key.Algorithm.Oid switch
    {
        Oids.Rsa => CheckRsa(key, owner),
        Oids.EllipticCurve => CheckCurve(key, owner),
        _ => new(
            CertificateRefusals.UnsupportedAlgorithm,
            $"{owner()} has a key of algorithm {key.Algorithm.Oid}; wanted an elliptic curve or RSA key."),
    };

    /// <summary>Kind and size of a key that <see cref="Check(SubjectPublicKey, Func{string})"/> let pass.</summary>
    internal static (KeyKind Kind, int Size) Describe(SubjectPublicKey key)
    {
        if (key.Algorithm.Oid == Oids.Rsa)
        {
            return (KeyKind.Rsa, RsaPublicKey.TryRead(key, out var rsa) ? (int)rsa.Bits : 0);
        }

        return CurveName(key) switch
        {
            Oids.P256 => (KeyKind.P256, 256),
            Oids.P384 => (KeyKind.P384, 384),
            _ => (KeyKind.P521, 521),
        };
    }

    /// <summary>The named curve of a key; null when it names none that is allowed.</summary>
    internal static ECCurve? CurveOf(SubjectPublicKey key) => CurveName(key) switch
    {
        Oids.P256 => ECCurve.NamedCurves.nistP256,
        Oids.P384 => ECCurve.NamedCurves.nistP384,
        Oids.P521 => ECCurve.NamedCurves.nistP521,
        _ => null,
    };

    /// <summary>Bytes of one coordinate on a curve of ours.</summary>
    internal static int CoordinateLength(SubjectPublicKey key) => CurveName(key) switch
    {
        Oids.P256 => 32,
        Oids.P384 => 48,
        _ => 66,
    };

    private static string? CurveName(SubjectPublicKey key)
    {
        try
        {
            return AsnDecoder.ReadObjectIdentifier(key.Algorithm.Parameters.Span, AsnEncodingRules.DER, out _);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static Refusal? CheckRsa(SubjectPublicKey key, Func<string> owner)
    {
        if (!RsaPublicKey.TryRead(key, out var rsa))
        {
            return new(CertificateRefusals.Malformed, $"{owner()} has an RSA key that is not well-formed.");
        }

        var exponent = rsa.Exponent.Span;
        var isExponentFine = exponent.Length is > 0 and <= MaxExponentBytes && (exponent[^1] & 1) == 1 && (exponent.Length > 1 || exponent[0] > 1);
        if (rsa.Bits is >= MinModulusBits and <= MaxModulusBits && rsa.Bits % 8 == 0 && isExponentFine)
        {
            return null;
        }

        return new(
            CertificateRefusals.WeakKey,
            $"{owner()} has an RSA key of {rsa.Bits} bits and exponent {Convert.ToHexString(exponent[..Math.Min(exponent.Length, 8)])} (hex); "
            + $"wanted {MinModulusBits} to {MaxModulusBits} bits, a multiple of 8, and an odd exponent from 3.");
    }

    private static Refusal? CheckCurve(SubjectPublicKey key, Func<string> owner)
    {
        if (CurveOf(key) is null)
        {
            return new(
                CertificateRefusals.WeakKey,
                $"{owner()} has a key on {CurveName(key) ?? "a curve given by its parameters"}; wanted P-256, P-384 or P-521 by name.");
        }

        return key.Key.Length == 1 + (2 * CoordinateLength(key)) && key.Key.Span[0] == 4
            ? null
            : new(CertificateRefusals.UnsupportedAlgorithm, $"{owner()} has a curve point that is not uncompressed.");
    }
}
