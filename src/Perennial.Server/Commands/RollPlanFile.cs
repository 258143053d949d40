using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Protocol.Rolling;
using Perennial.Server.Instances;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Perennial.Server.Commands;

/// <summary>A file with the plan of a roll. JSON is YAML too, so both are read the same way.</summary>
internal static class RollPlanFile
{
    private const int MaxLength = 256 * 1024;

    private static readonly IReadOnlyList<string> Known = [.. typeof(RollPlanDocument).GetProperties().Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name))];

    public static JsonObject Read(string path)
    {
        using var text = OperatorFile.Open(path);
        if (text.BaseStream.Length > MaxLength)
        {
            throw new OperatorException($"{path} is larger than {MaxLength} bytes, which is no plan.");
        }

        try
        {
            var documents = new YamlStream();
            documents.Load(text);
            return documents.Documents is [{ RootNode: YamlMappingNode root }] && ToJson(root) is JsonObject plan
                ? Checked(path, plan)
                : throw new OperatorException($"{path}: wanted is one mapping with the members of a plan, for instance 'waveSize: 10'.");
        }
        catch (YamlException exception)
        {
            throw new OperatorException($"{path}, line {exception.Start.Line}: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    private static JsonObject Checked(string path, JsonObject plan) => plan.FirstOrDefault(member => !Known.Contains(member.Key)).Key is { } unknown
        ? throw new OperatorException($"{path}: '{unknown}' is no member of a plan; known are {string.Join(", ", Known)}.")
        : plan;

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(child => KeyValuePair.Create(child.Key.ToString(), ToJson(child.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: var value } when value is null or "" or "~" or "null" => null,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } truth => JsonValue.Create(truth.Value == "true"),
        YamlScalarNode { Style: ScalarStyle.Plain } number when long.TryParse(number.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        YamlScalarNode { Style: ScalarStyle.Plain } number when double.TryParse(number.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var broken) => JsonValue.Create(broken),
        YamlScalarNode { Value: { } text } => JsonValue.Create(text),
        _ => null,
    };
}
