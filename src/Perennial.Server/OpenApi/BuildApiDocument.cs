using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Provisioning;

namespace Perennial.Server.OpenApi;

/// <summary>Makes the OpenAPI 3.1 document of the REST API from the table of its requests and the types on the wire.</summary>
internal static partial class BuildApiDocument
{
    private const string Json = "application/json";

    public static JsonObject Run()
    {
        var schemas = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        var paths = new JsonObject();
        foreach (var operation in ApiOperations.All)
        {
            if (paths[operation.Path] is not JsonObject path)
            {
                path = [];
                paths[operation.Path] = path;
            }

            path[operation.Method.ToLowerInvariant()] = Of(operation, schemas);
        }

        NameOf(ErrorOf<ProvisioningErrorDocument>(), schemas);
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Perennial",
                ["version"] = ApiVersion.ProvisioningService,
                ["description"] = "The REST API of a Perennial server: what Azure's Device Provisioning Service and IoT Hub answer, and what is Perennial's own. "
                    + "Paths of a hub are asked under the hub's host name.",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
            },
            ["security"] = new JsonArray(new JsonObject { ["sharedAccessSignature"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject(schemas.Select(schema => KeyValuePair.Create<string, JsonNode?>(schema.Key, schema.Value))),
                ["securitySchemes"] = new JsonObject
                {
                    ["sharedAccessSignature"] = new JsonObject
                    {
                        ["type"] = "apiKey",
                        ["in"] = "header",
                        ["name"] = "Authorization",
                        ["description"] = "SharedAccessSignature sr=…&sig=…&se=…&skn=…, made with a key of a shared access policy that has the right.",
                    },
                },
            },
        };
    }

    private static JsonObject Of(ApiOperation operation, SortedDictionary<string, JsonNode> schemas)
    {
        var answer = operation.Answer is null ? null : operation.IsList
            ? new JsonObject { ["type"] = "array", ["items"] = Reference(operation.Answer, schemas) }
            : Reference(operation.Answer, schemas);
        var described = new JsonObject
        {
            ["tags"] = new JsonArray(operation.Tag),
            ["operationId"] = IdOf(operation),
            ["summary"] = operation.Summary,
            ["description"] = $"Needs {operation.Right}.",
            ["parameters"] = new JsonArray([.. ParametersOf(operation)]),
        };
        if (operation.Request is not null)
        {
            described["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(Reference(operation.Request, schemas)) };
        }

        var done = new JsonObject { ["description"] = "Done." };
        if (answer is not null)
        {
            done["content"] = Content(answer);
        }

        JsonTypeInfo error = operation.Tag is "Devices" or "Twins and methods" or "Jobs" or "Messages" ? ErrorOf<HubErrorDocument>() : ErrorOf<ProvisioningErrorDocument>();
        described["responses"] = new JsonObject
        {
            [answer is null && operation.Method == "DELETE" ? "204" : "200"] = done,
            ["default"] = new JsonObject { ["description"] = "Refused or failed.", ["content"] = Content(Reference(error, schemas)) },
        };
        return described;
    }

    private static IEnumerable<JsonNode> ParametersOf(ApiOperation operation)
    {
        foreach (Match name in Segment().Matches(operation.Path))
        {
            yield return Parameter("path", name.Groups[1].Value, isRequired: true, description: null);
        }

        yield return Parameter("query", ApiVersion.Parameter, isRequired: true, "The version that the caller knows.");
        foreach (var (name, description) in operation.Query)
        {
            yield return Parameter("query", name, isRequired: name == "slot", description);
        }

        if (operation.HasPages)
        {
            yield return Parameter("header", WireHeader.MaxItemCount, isRequired: false, "Most objects of a page.");
            yield return Parameter("header", WireHeader.Continuation, isRequired: false, "Where the page begins, as the page before told.");
        }

        if (operation.TakesIfMatch)
        {
            yield return Parameter("header", "If-Match", isRequired: false, "The ETag that the stored object must have, or *.");
        }
    }

    private static JsonObject Parameter(string place, string name, bool isRequired, string? description)
    {
        var parameter = new JsonObject { ["in"] = place, ["name"] = name, ["required"] = isRequired, ["schema"] = new JsonObject { ["type"] = "string" } };
        if (description is not null)
        {
            parameter["description"] = description;
        }

        return parameter;
    }

    private static JsonObject Content(JsonNode schema) => new() { [Json] = new JsonObject { ["schema"] = schema } };

    private static JsonTypeInfo<T> ErrorOf<T>()
        where T : class, IWireDocument<T> => T.TypeInfo;

    private static JsonObject Reference(JsonTypeInfo type, SortedDictionary<string, JsonNode> schemas) =>
        new() { ["$ref"] = $"#/components/schemas/{NameOf(type, schemas)}" };

    // Two kinds of results bear one name, in the service's API and in the hub's.
    private static string NameOf(JsonTypeInfo type, SortedDictionary<string, JsonNode> schemas)
    {
        var name = WordOf().Replace(type.Type.Name, string.Empty);
        name = type.Type.Namespace!.Contains(".Hub", StringComparison.Ordinal) && !name.StartsWith("Hub", StringComparison.Ordinal) && name.StartsWith("Bulk", StringComparison.Ordinal) ? $"Hub{name}" : name;
        if (!schemas.ContainsKey(name))
        {
            schemas[name] = new JsonObject();
            var schema = type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Named });
            schemas[name] = Rooted(schema, $"#/components/schemas/{name}");
        }

        return name;
    }

    // A converter of our own says nothing of its words.
    private static JsonNode Named(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        return type.IsEnum && schema is not JsonObject { Count: > 0 }
            ? new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.SerializeToNode(value, context.TypeInfo))]) }
            : type == typeof(DateTimeOffset) ? new JsonObject { ["type"] = "string", ["format"] = "date-time" }
            : schema;
    }

    // A reference inside a schema starts from the schema itself.
    private static JsonNode Rooted(JsonNode schema, string root)
    {
        switch (schema)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    if (name == "$ref" && value is JsonValue && value.ToString() is ['#', ..] reference)
                    {
                        members[name] = root + reference[1..];
                    }
                    else if (value is not null)
                    {
                        Rooted(value, root);
                    }
                }

                break;
            case JsonArray list:
                foreach (var item in list.OfType<JsonNode>())
                {
                    Rooted(item, root);
                }

                break;
            default:
                break;
        }

        return schema;
    }

    private static string IdOf(ApiOperation operation) => operation.Method.ToLowerInvariant()
        + string.Concat(operation.Path.Split('/', '{', '}').Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Segment();

    [GeneratedRegex("(Document|Line)$")]
    private static partial Regex WordOf();
}
