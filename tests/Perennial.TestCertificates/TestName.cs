using System.Formats.Asn1;

namespace Perennial.TestCertificates;

/// <summary>Makes encoded subject names, also ones that no decent tool makes.</summary>
public static class TestName
{
    private const string CommonNameType = "2.5.4.3";

    /// <summary>A subject with these common names and nothing else.</summary>
    public static ReadOnlyMemory<byte> Of(params string[] commonNames) =>
        OfAttributes([.. commonNames.Select(n => (CommonNameType, n))]);

    /// <summary>A subject of attributes in this order, each a UTF-8 string.</summary>
    public static ReadOnlyMemory<byte> OfAttributes(params (string Type, string Value)[] attributes)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var (type, value) in attributes)
            {
                WriteAttribute(writer, type, value);
            }
        }

        return writer.Encode();
    }

    private static void WriteAttribute(AsnWriter writer, string type, string value)
    {
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, value);
        }
    }
}
