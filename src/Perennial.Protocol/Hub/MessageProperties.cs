namespace Perennial.Protocol.Hub;

/// <summary>What goes along with a message's body. A value may be null: a key without a value is not an empty value.</summary>
/// <remarks>Source: hub-protocol §1.4.</remarks>
public sealed class MessageProperties
{
    /// <summary>The most properties of a message, of both kinds together.</summary>
    public const int MaxCount = 512;

    /// <summary>No properties.</summary>
    public static readonly MessageProperties Empty = new(
        new Dictionary<string, string?>(StringComparer.Ordinal), new Dictionary<string, string?>(StringComparer.Ordinal));

    /// <summary>Puts properties together.</summary>
    /// <param name="system">By canonical name (<see cref="SystemProperty.Name"/>).</param>
    /// <param name="application">By the name the application chose.</param>
    public MessageProperties(IReadOnlyDictionary<string, string?> system, IReadOnlyDictionary<string, string?> application)
    {
        System = system;
        Application = application;
    }

    /// <summary>System properties by canonical name.</summary>
    public IReadOnlyDictionary<string, string?> System { get; }

    /// <summary>Application properties.</summary>
    public IReadOnlyDictionary<string, string?> Application { get; }

    /// <summary>The value of a system property, or null.</summary>
    /// <param name="property">The property.</param>
    /// <returns>The value.</returns>
    public string? this[SystemProperty property] => System.GetValueOrDefault(property.Name);

    /// <summary>The same properties with one system property set.</summary>
    /// <param name="property">The property.</param>
    /// <param name="value">Its value.</param>
    /// <returns>The properties.</returns>
    public MessageProperties With(SystemProperty property, string? value) =>
        new(new Dictionary<string, string?>(System, StringComparer.Ordinal) { [property.Name] = value }, Application);

    /// <summary>The same properties with one application property set.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>The properties.</returns>
    public MessageProperties With(string name, string? value) =>
        new(System, new Dictionary<string, string?>(Application, StringComparer.Ordinal) { [name] = value });

    /// <summary>The size that counts against the limit of a message: values of system properties, names and values of the others, in UTF-8 bytes.</summary>
    /// <returns>The number of bytes (hub-protocol §1.10).</returns>
    public int Size()
    {
        var size = 0;
        foreach (var value in System.Values)
        {
            size += CountBytes(value);
        }

        foreach (var (name, value) in Application)
        {
            size += CountBytes(name) + CountBytes(value);
        }

        return size;
    }

    private static int CountBytes(string? text) => text is null ? 0 : global::System.Text.Encoding.UTF8.GetByteCount(text);
}
