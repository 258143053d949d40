using System.Text.Json.Serialization;

namespace Perennial.Agent.Configuration;

/// <summary>Where the keys of operational certificates are.</summary>
internal sealed record KeySettings
{
    public const string FileKind = "file";

    public const string TokenKind = "pkcs11";

    /// <summary><see cref="FileKind"/> (files of mode 0600 in the state folder) or <see cref="TokenKind"/>.</summary>
    public string Kind { get; set; } = FileKind;

    public KeyAlgorithm Algorithm { get; set; } = KeyAlgorithm.P256;

    /// <summary>The PKCS#11 module, a shared library.</summary>
    public string? Module { get; init; }

    /// <summary>The label of the token.</summary>
    public string? Token { get; init; }

    /// <summary>A file with the user PIN and nothing else; only its owner may read it.</summary>
    public string? PinFile { get; init; }

    /// <summary>The labels of the two keys.</summary>
    public IReadOnlyList<string> Labels { get; set; } = ["perennial-agent-a", "perennial-agent-b"];

    [JsonIgnore]
    public bool IsToken => Kind == TokenKind;
}
