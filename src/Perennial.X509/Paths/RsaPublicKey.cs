using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Perennial.X509.Parsing;

namespace Perennial.X509.Paths;

/// <summary>An RSA key taken apart.</summary>
internal sealed record RsaPublicKey(ReadOnlyMemory<byte> Modulus, ReadOnlyMemory<byte> Exponent)
{
    internal long Bits => Modulus.IsEmpty ? 0 : ((long)Modulus.Length * 8) - byte.LeadingZeroCount(Modulus.Span[0]);

    internal RSAParameters Parameters => new() { Modulus = Modulus.ToArray(), Exponent = Exponent.ToArray() };

    internal static bool TryRead(SubjectPublicKey key, [NotNullWhen(true)] out RsaPublicKey? rsa)
    {
        rsa = null;
        try
        {
            var reader = new AsnReader(key.Key, AsnEncodingRules.DER);
            var sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            var modulus = sequence.ReadIntegerBytes();
            var exponent = sequence.ReadIntegerBytes();
            sequence.ThrowIfNotEmpty();
            rsa = new(Unsigned(modulus), Unsigned(exponent));
            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static ReadOnlyMemory<byte> Unsigned(ReadOnlyMemory<byte> value) => value.Span[0] switch
    {
        0 => value[1..],
        >= 0x80 => throw new AsnContentException("A part of the key is negative."),
        _ => value,
    };
}
