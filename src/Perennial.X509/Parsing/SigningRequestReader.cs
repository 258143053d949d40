using System.Formats.Asn1;

namespace Perennial.X509.Parsing;

/// <summary>Reads a DER signing request, RFC 2986 §4. Throws <see cref="AsnContentException"/> and nothing else.</summary>
internal static class SigningRequestReader
{
    private static readonly Asn1Tag Attributes = new(TagClass.ContextSpecific, 0, isConstructed: true);

    internal static SigningRequestFields Read(ReadOnlyMemory<byte> der)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER);
        var request = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var signed = request.ReadEncodedValue();
        var algorithm = AlgorithmIdentifier.Read(request);
        var signature = request.ReadBitString(out var unused);
        request.ThrowIfNotEmpty();
        if (unused != 0)
        {
            throw new AsnContentException("The signature is not a whole number of bytes.");
        }

        var body = new AsnReader(signed, AsnEncodingRules.DER).ReadSequence();
        if (!body.TryReadInt32(out var version) || version != 0)
        {
            throw new AsnContentException("The version of the signing request is not 1.");
        }

        var subject = NameReader.Read(body.ReadEncodedValue());
        var key = SubjectPublicKey.Read(body.ReadEncodedValue());
        PassOverAttributes(body);
        return new() { Signed = signed, Signature = signature, SignatureAlgorithm = algorithm, Subject = subject, PublicKey = key };
    }

    // Some writers leave the attributes out though the field is not optional.
    private static void PassOverAttributes(AsnReader body)
    {
        if (body.HasData)
        {
            body.ReadSetOf(skipSortOrderValidation: true, Attributes);
        }

        body.ThrowIfNotEmpty();
    }
}
