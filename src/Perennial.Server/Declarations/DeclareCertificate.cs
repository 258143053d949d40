using System.Text.Json.Nodes;
using Perennial.Server.Remote;
using Perennial.X509;

namespace Perennial.Server.Declarations;

/// <summary>A CA certificate of a fleet file.</summary>
internal static class DeclareCertificate
{
    public static string[] Known { get; } = ["name", "certificate", "verified"];

    public static DeclaredObject Read(YamlFields fields)
    {
        fields.Required("certificate");
        var certificate = DeclaredFile.ReadCertificate(fields, "certificate") ?? throw fields.Fault("certificate", "a CA certificate is needed here.");
        var members = new List<DeclaredMember>
        {
            new("certificate", certificate.Thumbprint.ToString(), ThumbprintOf, document => Place(PropertiesOf(document), certificate)),
        };
        if (fields.Truth("verified") is { } verified)
        {
            members.Add(new("verified", $"{verified}", document => document["properties"]?["isVerified"]?.ToString(), document => PropertiesOf(document)["isVerified"] = verified));
        }

        return new DeclaredObject(RestNoun.Certificate, fields.Required("name"), fields.Line, members);
    }

    private static string? ThumbprintOf(JsonObject document) =>
        (string?)document["properties"]?["certificate"] is { } text && Pem.TryReadCertificates(text, out var read, out _) ? read[0].Thumbprint.ToString() : null;

    // What was proven of the certificate before is not proven of another one.
    private static void Place(JsonObject properties, Certificate certificate)
    {
        properties["certificate"] = Pem.Write(certificate);
        properties.Remove("isVerified");
    }

    private static JsonObject PropertiesOf(JsonObject document)
    {
        if (document["properties"] is JsonObject properties)
        {
            return properties;
        }

        var made = new JsonObject();
        document["properties"] = made;
        return made;
    }
}
