using System.Buffers.Text;
using System.Security.Cryptography;

namespace Perennial.Server.Users;

/// <summary>256 random bits that stand for a right. Only their hash is stored.</summary>
internal sealed class OneTimeToken
{
    private const int Length = 32;

    private OneTimeToken(string text) => Text = text;

    public string Text { get; }

    public byte[] Hash => SHA256.HashData(Encoding.ASCII.GetBytes(Text));

    public static OneTimeToken Fresh() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length)));

    /// <summary>Takes what a client sent; null when it can be no token.</summary>
    public static OneTimeToken? Of(string? text) =>
        text is { Length: 43 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? new OneTimeToken(text) : null;
}
