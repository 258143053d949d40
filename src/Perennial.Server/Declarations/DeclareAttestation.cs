using System.Text.Json.Nodes;
using Perennial.Server.Imports;
using Perennial.Server.Remote;
using Perennial.X509;

namespace Perennial.Server.Declarations;

/// <summary>How an enrollment of a fleet file attests: by certificates in slots, by names of CA certificates, by symmetric keys, or by a TPM.</summary>
internal static class DeclareAttestation
{
    private const string Empty = "empty";

    /// <param name="noun">The kind of enrollment.</param>
    /// <param name="fields">What the file says of it.</param>
    /// <param name="needsKeys">Whether keys are compared.</param>
    public static List<DeclaredMember> Read(RestNoun noun, YamlFields fields, out bool needsKeys)
    {
        var members = new List<DeclaredMember>();
        var kind = noun.HoldsSigners ? "signingCertificates" : "clientCertificates";
        AddSlot(members, fields, "certificate", kind, "primary");
        AddSlot(members, fields, "secondaryCertificate", kind, "secondary");
        AddSlot(members, fields, "signingCertificate", "signingCertificates", "primary");
        AddSlot(members, fields, "secondarySigningCertificate", "signingCertificates", "secondary");
        AddName(members, fields, "caName", "primary");
        AddName(members, fields, "secondaryCaName", "secondary");
        var count = members.Count;
        AddKey(members, fields, "primaryKey");
        AddKey(members, fields, "secondaryKey");
        needsKeys = members.Count > count;
        if (fields.Truth("symmetricKey") == true)
        {
            members.Add(new("symmetricKey", "symmetricKey", TypeOf, document => AttestationOf(document, "symmetricKey", "symmetricKey")));
        }

        if (fields.Text("endorsementKey") is { } endorsement)
        {
            AddTpm("endorsementKey", endorsement);
        }

        if (fields.Text("storageRootKey") is { } storage)
        {
            AddTpm("storageRootKey", storage);
        }

        return members;

        void AddTpm(string name, string value) => members.Add(new(
            name, value, document => (string?)document["attestation"]?["tpm"]?[name], document => AttestationOf(document, "tpm", "tpm")[name] = value));
    }

    private static void AddSlot(List<DeclaredMember> members, YamlFields fields, string name, string kind, string slot)
    {
        if (fields.Node(name) is null)
        {
            return;
        }

        var certificate = DeclaredFile.ReadCertificate(fields, name);
        members.Add(new(
            name,
            certificate?.Thumbprint.ToString() ?? Empty,
            document => AttestationMatch.ThumbprintOf(document["attestation"]?["x509"]?[kind]?[slot]) ?? Empty,
            document =>
            {
                var slots = Slots(document, kind);
                slots[slot] = certificate is null ? null : new JsonObject { ["certificate"] = Pem.Write(certificate) };
            }));
    }

    private static void AddName(List<DeclaredMember> members, YamlFields fields, string name, string slot)
    {
        if (fields.Text(name) is { } value)
        {
            var wanted = value == DeclaredFile.None ? Empty : value;
            members.Add(new(
                name,
                wanted,
                document => (string?)document["attestation"]?["x509"]?["caReferences"]?[slot] is { Length: > 0 } stored ? stored : Empty,
                document => Slots(document, "caReferences")[slot] = wanted == Empty ? null : wanted));
        }
    }

    // A key is shown by its fingerprint, and never itself.
    private static void AddKey(List<DeclaredMember> members, YamlFields fields, string name)
    {
        var key = fields.Text(name) ?? (fields.Text(name + "File") is { } file ? DeclaredFile.Read(fields, name + "File", file).Trim() : null);
        if (key is not null)
        {
            members.Add(new(
                name,
                FingerprintOf(key),
                document => (string?)document["attestation"]?["symmetricKey"]?[name] is { } stored ? FingerprintOf(stored) : null,
                document => AttestationOf(document, "symmetricKey", "symmetricKey")[name] = key));
        }
    }

    private static string FingerprintOf(string key) => $"key with the fingerprint {Thumbprint.Of(Encoding.UTF8.GetBytes(key)).ToString()[..16]}";

    private static string? TypeOf(JsonObject document) => (string?)document["attestation"]?["type"];

    private static JsonObject Slots(JsonObject document, string kind)
    {
        var x509 = AttestationOf(document, "x509", "x509");
        foreach (var other in x509.Select(member => member.Key).Where(member => member != kind).ToList())
        {
            x509.Remove(other);
        }

        return Child(x509, kind);
    }

    // Another kind of attestation takes the place of the one before.
    private static JsonObject AttestationOf(JsonObject document, string type, string member)
    {
        if (!string.Equals(TypeOf(document), type, StringComparison.OrdinalIgnoreCase))
        {
            document["attestation"] = new JsonObject { ["type"] = type };
        }

        return Child((JsonObject)document["attestation"]!, member);
    }

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject child)
        {
            return child;
        }

        var made = new JsonObject();
        parent[name] = made;
        return made;
    }
}
