using System.Text;
using CsCheck;

namespace Perennial.Protocol.Tests;

/// <summary>Generators of texts.</summary>
internal static class Texts
{
    private const string Nasty = "$/?&=%#+. \"';:\\\0\r\nü€😀";

    /// <summary>Anything a peer may send, unpaired surrogates included.</summary>
    public static readonly Gen<string> Any = Gen.OneOf(
        Gen.String,
        Gen.Char.Array[0, 64].Select(characters => new string(characters)),
        Gen.OneOf(Nasty.EnumerateRunes().Select(rune => rune.ToString()).ToArray()).Array[0, 32].Select(string.Concat));

    /// <summary>Anything that is Unicode.</summary>
    public static readonly Gen<string> Unicode =
        Any.Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));

    /// <summary>Text after one of the given beginnings, so that parsers get past their first check.</summary>
    public static Gen<string> After(params string[] beginnings) =>
        Gen.Select(Gen.OneOf((string[])[.. beginnings, string.Empty]), Any).Select((beginning, rest) => beginning + rest);
}
