using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using Perennial.X509.Parsing;

namespace Perennial.X509.Paths;

/// <summary>The parameters of an RSASSA-PSS signature, RFC 4055 §3.1.</summary>
internal sealed record PssParameters(string Hash, string MaskHash, int SaltLength)
{
    internal static bool TryRead(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out PssParameters? parameters)
    {
        try
        {
            parameters = Read(der);
            return true;
        }
        catch (AsnContentException)
        {
            parameters = null;
            return false;
        }
    }

    private static PssParameters Read(ReadOnlyMemory<byte> der)
    {
        var sequence = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var hash = TryEnter(sequence, 0) is { } hashField ? AlgorithmIdentifier.Read(hashField).Oid : Oids.Sha1;
        var maskHash = TryEnter(sequence, 1) is { } maskField ? ReadMaskHash(maskField) : Oids.Sha1;
        var saltLength = TryEnter(sequence, 2) is { } saltField ? ReadSmall(saltField) : 20;
        var trailer = TryEnter(sequence, 3) is { } trailerField ? ReadSmall(trailerField) : 1;
        sequence.ThrowIfNotEmpty();
        return trailer == 1 ? new(hash, maskHash, saltLength) : throw new AsnContentException("The trailer is not 1.");
    }

    private static AsnReader? TryEnter(AsnReader sequence, int field)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, field, isConstructed: true);
        return sequence.HasData && sequence.PeekTag().HasSameClassAndValue(tag) ? sequence.ReadSequence(tag) : null;
    }

    private static string ReadMaskHash(AsnReader field)
    {
        var generator = AlgorithmIdentifier.Read(field);
        return generator.Oid == Oids.Mgf1
            ? AlgorithmIdentifier.Read(new AsnReader(generator.Parameters, AsnEncodingRules.DER)).Oid
            : throw new AsnContentException("The mask generation is not MGF1.");
    }

    private static int ReadSmall(AsnReader field) =>
        field.TryReadInt32(out var value) ? value : throw new AsnContentException("A parameter is too large.");
}
