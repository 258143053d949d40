namespace Perennial.X509.Parsing;

/// <summary>One block between BEGIN and END lines; <see cref="Body"/> is null when its END line is missing.</summary>
internal readonly record struct PemBlock(string Label, string? Body)
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";

    internal bool IsCertificate => Label is "CERTIFICATE" or "X509 CERTIFICATE";

    internal bool IsPrivateKey => Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal);

    internal bool IsSigningRequest => Label.EndsWith("CERTIFICATE REQUEST", StringComparison.Ordinal);

    internal static bool IsAnyIn(string text) => text.Contains(Begin, StringComparison.Ordinal);

    /// <summary>Every block of the text in its order; what stands between blocks is passed over.</summary>
    internal static IEnumerable<PemBlock> ReadAll(string text)
    {
        var position = text.IndexOf(Begin, StringComparison.Ordinal);
        while (position >= 0)
        {
            var labelStart = position + Begin.Length;
            var labelEnd = text.IndexOf(Dashes, labelStart, StringComparison.Ordinal);
            if (labelEnd < 0)
            {
                yield break;
            }

            var label = text[labelStart..labelEnd];
            var bodyStart = labelEnd + Dashes.Length;
            var next = text.IndexOf(Begin, bodyStart, StringComparison.Ordinal);
            var end = text.IndexOf(End, bodyStart, (next < 0 ? text.Length : next) - bodyStart, StringComparison.Ordinal);
            var isClosed = end >= 0 && text.AsSpan(end + End.Length).StartsWith(label + Dashes);
            yield return new(label, isClosed ? text[bodyStart..end] : null);
            position = next;
        }
    }
}
