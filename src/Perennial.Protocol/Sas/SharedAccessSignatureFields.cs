namespace Perennial.Protocol.Sas;

/// <summary>The fields of a token, undecoded.</summary>
internal sealed class SharedAccessSignatureFields
{
    private const int MaxFields = 8;

    public string? Resource { get; private set; }

    public string? Signature { get; private set; }

    public string? Expiry { get; private set; }

    public string? KeyName { get; private set; }

    public static bool TryParse(string? text, out SharedAccessSignatureFields fields)
    {
        fields = new SharedAccessSignatureFields();
        const string Prefix = SharedAccessSignature.Scheme + " ";
        if (text is null
            || text.Length > SharedAccessSignature.MaxLength
            || !text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = text.AsSpan(Prefix.Length).Trim();
        var count = 0;
        foreach (var range in rest.Split('&'))
        {
            if (++count > MaxFields || !fields.TryTake(rest[range]))
            {
                return false;
            }
        }

        return !string.IsNullOrEmpty(fields.Resource)
            && !string.IsNullOrEmpty(fields.Signature)
            && !string.IsNullOrEmpty(fields.Expiry);
    }

    private bool TryTake(ReadOnlySpan<char> field)
    {
        var equals = field.IndexOf('=');
        if (equals < 0)
        {
            return false;
        }

        var value = field[(equals + 1)..].ToString();
        switch (field[..equals])
        {
            case "sr" when Resource is null:
                Resource = value;
                return true;
            case "sig" when Signature is null:
                Signature = value;
                return true;
            case "se" when Expiry is null:
                Expiry = value;
                return true;
            case "skn" when KeyName is null:
                KeyName = value;
                return true;
            default:
                return field[..equals] is not ("sr" or "sig" or "se" or "skn");
        }
    }
}
