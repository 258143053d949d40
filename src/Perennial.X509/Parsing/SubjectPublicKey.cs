using System.Formats.Asn1;

namespace Perennial.X509.Parsing;

/// <summary>The public key of a certificate, as encoded.</summary>
internal sealed class SubjectPublicKey
{
    private SubjectPublicKey(ReadOnlyMemory<byte> der, AlgorithmIdentifier algorithm, ReadOnlyMemory<byte> key)
    {
        Der = der;
        Algorithm = algorithm;
        Key = key;
        Thumbprint = Thumbprint.Of(der.Span);
    }

    /// <summary>The whole SubjectPublicKeyInfo.</summary>
    internal ReadOnlyMemory<byte> Der { get; }

    internal Thumbprint Thumbprint { get; }

    internal AlgorithmIdentifier Algorithm { get; }

    /// <summary>The content of the bit string: a curve point, or an encoded RSAPublicKey.</summary>
    internal ReadOnlyMemory<byte> Key { get; }

    internal static SubjectPublicKey Read(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var algorithm = AlgorithmIdentifier.Read(reader);
        var key = reader.ReadBitString(out var unused);
        reader.ThrowIfNotEmpty();
        return unused == 0 ? new(der, algorithm, key) : throw new AsnContentException("The public key is not a whole number of bytes.");
    }
}
