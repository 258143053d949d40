using System.Globalization;
using System.Text.Json.Nodes;
using Perennial.Server.Instances;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Perennial.Server.Declarations;

/// <summary>The keys of one mapping of a fleet file; each fault is told with its line.</summary>
internal sealed class YamlFields
{
    private readonly string _file;
    private readonly Dictionary<string, YamlNode> _fields = new(StringComparer.Ordinal);

    public YamlFields(string file, YamlNode node, IReadOnlyCollection<string> known)
    {
        _file = file;
        Line = node.Start.Line;
        if (node is not YamlMappingNode mapping)
        {
            throw Fault(node, "wanted is a mapping (key: value).");
        }

        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? string.Empty;
            _fields[name] = known.Contains(name) ? value : throw Fault(key, $"'{name}' is not known here; known are {string.Join(", ", known)}.");
        }
    }

    public long Line { get; }

    /// <summary>The folder that paths in the file start from.</summary>
    public string Folder => Path.GetDirectoryName(Path.GetFullPath(_file))!;

    public YamlNode? Node(string name) => _fields.GetValueOrDefault(name);

    public string Required(string name) => Text(name) is { Length: > 0 } text ? text : throw Fault(Line, $"'{name}' is missing.");

    public string? Text(string name) => Node(name) switch
    {
        null => null,
        YamlScalarNode { Value: { } text } => text,
        var node => throw Fault(node, $"'{name}' is to be a text."),
    };

    public string? Word(string name, params string[] words) => Text(name) is not { } text
        ? null
        : words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw Fault(Node(name)!, $"'{name}' is one of {string.Join(", ", words)}, not '{text}'.");

    public bool? Truth(string name) => Word(name, "true", "false") is { } word ? word == "true" : null;

    public int? Number(string name) => Text(name) is not { } text
        ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Fault(Node(name)!, $"'{name}' is a number, not '{text}'.");

    public IReadOnlyList<string>? Texts(string name) => Node(name) switch
    {
        null => null,
        YamlSequenceNode list => [.. list.Children.Select(item => (item as YamlScalarNode)?.Value ?? throw Fault(item, $"'{name}' is a list of texts."))],
        var node => throw Fault(node, $"'{name}' is a list: [a, b]."),
    };

    public JsonObject? Json(string name) => Node(name) switch
    {
        null => null,
        YamlMappingNode mapping => (JsonObject)JsonOf(mapping)!,
        var node => throw Fault(node, $"'{name}' is to be a mapping."),
    };

    public OperatorException Fault(string name, string sentence) => Fault(Node(name)?.Start.Line ?? Line, $"'{name}': {sentence}");

    private OperatorException Fault(YamlNode node, string sentence) => Fault(node.Start.Line, sentence);

    private OperatorException Fault(long line, string sentence) => new(string.Create(CultureInfo.InvariantCulture, $"{_file}:{line}: {sentence}"));

    // Plain scalars are read as JSON does: numbers, true, false and null are what they look like.
    private static JsonNode? JsonOf(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, JsonOf(child.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(JsonOf)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "~" } => null,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } truth => truth.Value == "true",
        YamlScalarNode { Style: ScalarStyle.Plain } number when long.TryParse(number.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        YamlScalarNode { Style: ScalarStyle.Plain } number when double.TryParse(number.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) => real,
        YamlScalarNode text => text.Value,
        _ => null,
    };
}
