using System.Buffers;
using System.Text.Json;
using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Hub.Twins;

namespace Perennial.Hub.Queries;

/// <summary>A device or module as queries see it (hub-protocol §8.2): identity, twin and connection.</summary>
/// <param name="Device">The identity.</param>
/// <param name="Twin">Its twin.</param>
/// <param name="State">Whether it is connected.</param>
/// <param name="Waiting">How many messages wait for it; counted for queries that name it.</param>
public sealed record TwinRow(DeviceIdentity Device, Twin Twin, ConnectionState State, int Waiting = 0) : IQueryRow
{
    /// <summary>The member that is <see cref="Waiting"/>.</summary>
    public const string WaitingName = "cloudToDeviceMessageCount";

    public string Key => Device.Id.Value;

    public QueryValue Find(QueryPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.First switch
        {
            "tags" => Inside(Twin.Tags, path, 1),
            "properties" => Property(path),
            "capabilities" => Member(path, ("iotEdge", Device.IsEdge)),
            "x509Thumbprint" => Thumbprint(path),
            _ => path.Segments.Count == 1 ? Field(path.First) : QueryValue.Undefined,
        };
    }

    private QueryValue Field(string name) => name switch
    {
        "deviceId" => QueryValue.Of(Device.Id.Device),
        "moduleId" => QueryValue.Of(Device.Id.Module),
        "etag" => QueryValue.Of(Twin.ETag),
        "deviceEtag" => QueryValue.Of(Device.ETag),
        "generationId" => QueryValue.Of(Device.GenerationId),
        "status" => QueryValue.Of(Device.IsEnabled ? "enabled" : "disabled"),
        "statusReason" => QueryValue.Of(Device.StatusReason),
        "statusUpdateTime" => QueryValue.Of(Device.StatusUpdated ?? DateTimeOffset.MinValue),
        "connectionState" => QueryValue.Of(State.IsConnected ? "Connected" : "Disconnected"),
        "lastActivityTime" => QueryValue.Of(State.LastActivity ?? DateTimeOffset.MinValue),
        WaitingName => QueryValue.Of(Waiting),
        "authenticationType" => QueryValue.Of(AuthenticationType()),
        "modelId" => QueryValue.Of(Twin.ModelId),
        "version" => QueryValue.Of(Twin.Version),
        "deviceScope" => QueryValue.Of(Device.DeviceScope),
        _ => QueryValue.Undefined,
    };

    private DeviceCredential Shown => (Device.Credential as DeviceCredential.FollowsEnrollment)?.Shown ?? Device.Credential;

    private string AuthenticationType() => Shown switch
    {
        DeviceCredential.SymmetricKeys => "sas",
        DeviceCredential.CertificateAuthority => "certificateAuthority",
        _ => "selfSigned",
    };

    private QueryValue Thumbprint(QueryPath path)
    {
        var shown = Shown as DeviceCredential.Thumbprints;
        return Member(path, ("primaryThumbprint", shown?.Primary), ("secondaryThumbprint", shown?.Secondary));
    }

    private QueryValue Property(QueryPath path) => path.Segments is [_, var name, ..]
        ? name switch
        {
            "desired" => Section(Twin.Desired, path),
            "reported" => Section(Twin.Reported, path),
            _ => QueryValue.Undefined,
        }
        : Object(writer =>
        {
            Write(writer, "desired", Twin.Desired);
            Write(writer, "reported", Twin.Reported);
        });

    private static QueryValue Section(TwinSection section, QueryPath path) => path.Segments.ElementAtOrDefault(2) switch
    {
        null => Object(writer => WriteMembers(writer, section)),
        "$version" when path.Segments.Count == 3 => QueryValue.Of(section.Version),
        "$metadata" => Inside(section.Metadata, path, 3),
        _ => Inside(section.Values, path, 2),
    };

    private static void Write(Utf8JsonWriter writer, string name, TwinSection section)
    {
        writer.WriteStartObject(name);
        WriteMembers(writer, section);
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, TwinSection section)
    {
        foreach (var member in section.Values.EnumerateObject())
        {
            member.WriteTo(writer);
        }

        writer.WritePropertyName("$metadata");
        section.Metadata.WriteTo(writer);
        writer.WriteNumber("$version", section.Version);
    }

    /// <summary>An object of a few fields, or one of them.</summary>
    private static QueryValue Member(QueryPath path, params (string Name, object? Value)[] fields)
    {
        if (path.Segments is [_, var name])
        {
            return Array.Find(fields, field => field.Name == name).Value switch
            {
                bool truth => QueryValue.Of(truth),
                string text => QueryValue.Of(text),
                _ => fields.Any(field => field.Name == name) ? QueryValue.Null : QueryValue.Undefined,
            };
        }

        return path.Segments.Count > 2 ? QueryValue.Undefined : Object(writer =>
        {
            foreach (var (field, value) in fields)
            {
                writer.WritePropertyName(field);
                if (value is bool truth)
                {
                    writer.WriteBooleanValue(truth);
                }
                else
                {
                    writer.WriteStringValue(value as string);
                }
            }
        });
    }

    private static QueryValue Inside(JsonElement json, QueryPath path, int from)
    {
        for (var i = from; i < path.Segments.Count; i++)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(path.Segments[i], out json))
            {
                return QueryValue.Undefined;
            }
        }

        return QueryValue.Of(json);
    }

    private static QueryValue Object(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return QueryValue.Of(JsonElement.Parse(buffer.WrittenSpan));
    }
}
