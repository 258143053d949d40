using System.Diagnostics.CodeAnalysis;

namespace Perennial.Authority.Keys;

/// <summary>
/// Where a key is kept: <c>file:NAME</c>, an encrypted file of the keys folder, or a <c>pkcs11:</c> URI (RFC 7512) that names a token and
/// an object on it. Or <c>est:https://…</c>, another authority that signs, with the files that hold what it asks for. Holds no secret.
/// </summary>
public sealed record KeyAddress
{
    private const string FileScheme = "file:";
    private const string TokenScheme = "pkcs11:";
    private const string RemoteScheme = "est:";
    private const int MaxLength = 1024;

    private KeyAddress(string text) => Text = text;

    /// <summary>The address as text.</summary>
    public string Text { get; }

    /// <summary>The name of the file; null for a token.</summary>
    public string? FileName => Text.StartsWith(FileScheme, StringComparison.Ordinal) ? Text[FileScheme.Length..] : null;

    /// <summary>Whether the key is on a token.</summary>
    public bool IsToken => Text.StartsWith(TokenScheme, StringComparison.Ordinal);

    /// <summary>Whether it is no key of ours at all: another authority signs, asked by EST.</summary>
    public bool IsRemote => Text.StartsWith(RemoteScheme, StringComparison.Ordinal);

    /// <summary>The address of a file in the keys folder.</summary>
    /// <param name="name">Its name without a folder.</param>
    public static KeyAddress OfFile(string name) => TryParse(FileScheme + name, out var address)
        ? address
        : throw new ArgumentException($"'{name}' is not the plain name of a file.", nameof(name));

    /// <summary>The address of an object on the token that this address names.</summary>
    /// <param name="label">The label of the object: letters, digits and - _ .</param>
    public KeyAddress WithObject(string label)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        var query = Text.IndexOf('?', StringComparison.Ordinal);
        var (path, rest) = query < 0 ? (Text, string.Empty) : (Text[..query], Text[query..]);
        var separator = path.Length > TokenScheme.Length ? ";" : string.Empty;
        return IsToken && TryParse($"{path}{separator}object={label}{rest}", out var address)
            ? address
            : throw new ArgumentException($"{Text} is not the address of a token, or '{label}' no label.", nameof(label));
    }

    /// <summary>Reads an address.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address, when the answer is true.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out KeyAddress? address)
    {
        address = text is { Length: <= MaxLength } && (IsPlainFile(text) || IsUri(text)) ? new(text) : null;
        return address is not null;
    }

    /// <summary>The address as text.</summary>
    public override string ToString() => Text;

    private static bool IsPlainFile(string text) =>
        text.StartsWith(FileScheme, StringComparison.Ordinal) && text.Length > FileScheme.Length
        && text[FileScheme.Length] != '.' && text.AsSpan(FileScheme.Length).IndexOfAnyExcept(FileNameCharacters) < 0;

    private static bool IsUri(string text) =>
        ((text.StartsWith(TokenScheme, StringComparison.Ordinal) && text.Length > TokenScheme.Length)
            || text.StartsWith(RemoteScheme + "https://", StringComparison.Ordinal))
        && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static System.Buffers.SearchValues<char> FileNameCharacters { get; } =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
}
