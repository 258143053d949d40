using System.CommandLine;
using System.Text.Json.Nodes;
using Perennial.Server.Instances;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary>How an enrollment attests: certificates in two slots, names of CA certificates, symmetric keys, or a TPM.</summary>
internal sealed class AttestationOptions(RestNoun noun)
{
    private readonly Option<string?> _primary = new("--certificate", "--certificate-path", "--cp")
    {
        Description = $"Sets the primary slot: a file with the {Word(noun)} certificate, PEM or DER.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _secondary = new("--secondary-certificate", "--secondary-certificate-path", "--scp")
    {
        Description = "Sets the secondary slot.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _noPrimary = new("--remove-certificate", "--rc") { Description = "Empties the primary slot." };

    private readonly Option<bool> _noSecondary = new("--remove-secondary-certificate", "--rsc") { Description = "Empties the secondary slot." };

    private readonly Option<string?> _primaryName = new("--ca-name", "--cn") { Description = "Sets the primary slot to a CA certificate of the service, by its name.", HelpName = "NAME" };

    private readonly Option<string?> _secondaryName = new("--secondary-ca-name", "--scn") { Description = "Sets the secondary slot to one.", HelpName = "NAME" };

    private readonly Option<bool> _keys = new("--symmetric-key") { Description = "Attests by symmetric keys; they are made when no file gives them." };

    private readonly Option<string?> _primaryKey = new("--primary-key-file") { Description = "The primary key in base64; - is standard input.", HelpName = "FILE" };

    private readonly Option<string?> _secondaryKey = new("--secondary-key-file") { Description = "The secondary key in base64; - is standard input.", HelpName = "FILE" };

    private readonly Option<string?> _endorsement = new("--endorsement-key", "--ek") { Description = "Attests by a TPM with this public endorsement key, in base64.", HelpName = "BASE64" };

    public void AddTo(Command command)
    {
        Option[] own = noun.HoldsSigners ? [_primaryName, _secondaryName] : [_endorsement];
        foreach (var option in new Option[] { _primary, _secondary, _noPrimary, _noSecondary, _keys, _primaryKey, _secondaryKey }.Concat(own))
        {
            command.Add(option);
        }
    }

    public void Apply(ParseResult line, JsonObject document)
    {
        var certificates = new[] { line.GetValue(_primary), line.GetValue(_secondary) };
        var names = noun.HoldsSigners ? new[] { line.GetValue(_primaryName), line.GetValue(_secondaryName) } : [null, null];
        var keys = new[] { line.GetValue(_primaryKey), line.GetValue(_secondaryKey) };
        bool[] removed = [line.GetValue(_noPrimary), line.GetValue(_noSecondary)];
        var endorsement = noun.HoldsSigners ? null : line.GetValue(_endorsement);
        var asksKeys = line.GetValue(_keys) || keys.Any(key => key is not null);
        bool[] kinds = [certificates.Any(file => file is not null), names.Any(name => name is not null), asksKeys, endorsement is not null];
        if (kinds.Count(isAsked => isAsked) > 1)
        {
            throw new OperatorException("an enrollment attests in one way: by certificates, by names of CA certificates, by symmetric keys, or by a TPM.");
        }

        if (kinds[0] || removed.Contains(true))
        {
            FillSlots(document, certificates, removed);
        }

        if (kinds[1])
        {
            FillNames(document, names);
        }

        if (asksKeys)
        {
            document["attestation"] = new JsonObject
            {
                ["type"] = "symmetricKey",
                ["symmetricKey"] = new JsonObject { ["primaryKey"] = KeyOf(keys[0], "the primary key"), ["secondaryKey"] = KeyOf(keys[1], "the secondary key") },
            };
        }

        if (endorsement is not null)
        {
            document["attestation"] = new JsonObject { ["type"] = "tpm", ["tpm"] = new JsonObject { ["endorsementKey"] = endorsement } };
        }
    }

    private void FillSlots(JsonObject document, string?[] files, bool[] removed)
    {
        if (removed.Contains(true) && Column.NodeAt(document, "attestation.x509.caReferences") is JsonObject references)
        {
            Empty(references, removed);
            return;
        }

        if (Column.NodeAt(document, "attestation.x509.clientCertificates") is null && Column.NodeAt(document, "attestation.x509.signingCertificates") is null)
        {
            document["attestation"] = new JsonObject
            {
                ["type"] = "x509",
                ["x509"] = new JsonObject { [noun.HoldsSigners ? "signingCertificates" : "clientCertificates"] = new JsonObject() },
            };
        }

        var slots = (JsonObject)(Column.NodeAt(document, "attestation.x509.clientCertificates") ?? Column.NodeAt(document, "attestation.x509.signingCertificates"))!;
        Empty(slots, removed);
        for (var slot = 0; slot < SlotNames.Length; slot++)
        {
            if (files[slot] is { } file)
            {
                slots[SlotNames[slot]] = new JsonObject { ["certificate"] = OperatorFile.ReadSlot(file) };
            }
        }
    }

    private static void FillNames(JsonObject document, string?[] names)
    {
        if (Column.NodeAt(document, "attestation.x509.caReferences") is null)
        {
            document["attestation"] = new JsonObject { ["type"] = "x509", ["x509"] = new JsonObject { ["caReferences"] = new JsonObject() } };
        }

        var references = (JsonObject)Column.NodeAt(document, "attestation.x509.caReferences")!;
        for (var slot = 0; slot < SlotNames.Length; slot++)
        {
            if (names[slot] is { } name)
            {
                references[SlotNames[slot]] = name;
            }
        }
    }

    private static string[] SlotNames { get; } = ["primary", "secondary"];

    private static void Empty(JsonObject slots, bool[] removed)
    {
        for (var slot = 0; slot < SlotNames.Length; slot++)
        {
            if (removed[slot])
            {
                slots.Remove(SlotNames[slot]);
            }
        }
    }

    private static string? KeyOf(string? file, string what) => file is null ? null : SecretInput.Read(file, what);

    private static string Word(RestNoun noun) => noun.HoldsSigners ? "signing" : "device's";
}
