namespace Perennial.Hub.Twins;

/// <summary>The bounds of a twin (hub-protocol §4.4).</summary>
public static class TwinLimits
{
    public const int MaxDepth = 10;

    /// <summary>UTF-8 bytes of one name.</summary>
    public const int MaxNameLength = 1024;

    /// <summary>UTF-8 bytes of one text value.</summary>
    public const int MaxTextLength = 4096;

    public const long MinInteger = -4503599627370496;
    public const long MaxInteger = 4503599627370495;

    /// <summary>Size of all tags: names and values, without punctuation.</summary>
    public const int MaxTagsSize = 8 * 1024;

    /// <summary>Size of the desired or the reported properties: names and values, without punctuation and metadata.</summary>
    public const int MaxPropertiesSize = 32 * 1024;
}
