using System.Formats.Asn1;

namespace Perennial.X509.Parsing;

/// <summary>An algorithm and its parameters, as encoded; empty parameters are absent ones.</summary>
internal readonly record struct AlgorithmIdentifier(string Oid, ReadOnlyMemory<byte> Parameters)
{
    internal bool HasNullParameters => Parameters.Span is [0x05, 0x00];

    internal static AlgorithmIdentifier Read(AsnReader reader)
    {
        var sequence = reader.ReadSequence();
        var oid = sequence.ReadObjectIdentifier();
        var parameters = sequence.HasData ? sequence.ReadEncodedValue() : default;
        sequence.ThrowIfNotEmpty();
        return new(oid, parameters);
    }

    internal bool IsSame(AlgorithmIdentifier other) =>
        string.Equals(Oid, other.Oid, StringComparison.Ordinal) && Parameters.Span.SequenceEqual(other.Parameters.Span);
}
