using System.Buffers.Binary;
using System.Text.Json;
using Perennial.Hub.Devices;

namespace Perennial.Hub.Twins;

/// <summary>What the back end and the device tell each other of the device's state. Immutable; each change makes the next one.</summary>
public sealed record Twin
{
    private const long FirstVersion = 2;

    public required DeviceId Id { get; init; }

    /// <summary>Counts every change; starts at 2.</summary>
    public required long Version { get; init; }

    /// <summary>Counts the changes of tags and desired properties; the ETag is made of it.</summary>
    public required long Revision { get; init; }

    /// <summary>A JSON object that the device does not see.</summary>
    public required JsonElement Tags { get; init; }

    public required TwinSection Desired { get; init; }

    public required TwinSection Reported { get; init; }

    /// <summary>The model that the device announced; empty when none.</summary>
    public string ModelId { get; init; } = string.Empty;

    public string ETag
    {
        get
        {
            Span<byte> counter = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(counter, Revision);
            return Convert.ToBase64String(counter);
        }
    }

    /// <summary>The twin of a new device.</summary>
    public static Twin Create(DeviceId id, DateTimeOffset at) => Create(id, at, TwinPatch.Empty, TwinPatch.Empty);

    /// <summary>The twin of a new device that starts with tags and desired properties.</summary>
    public static Twin Create(DeviceId id, DateTimeOffset at, TwinPatch tags, TwinPatch desired)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return new Twin
        {
            Id = id,
            Version = FirstVersion,
            Revision = 1,
            Tags = TwinMerge.Values(null, tags.Json),
            Desired = TwinSection.Create(desired, at, keepsVersions: true),
            Reported = TwinSection.Create(TwinPatch.Empty, at, keepsVersions: false),
        };
    }

    /// <summary>The device announces its model.</summary>
    public Twin Announce(string modelId) => this with { Version = Version + 1, ModelId = modelId };

    /// <summary>The device reports.</summary>
    public TwinChange Report(TwinPatch patch, DateTimeOffset at) =>
        Checked(this with { Version = Version + 1, Reported = Reported.Merge(patch, at, keepsVersions: false) }, null);

    /// <summary>The back end merges tags and desired properties; null leaves them alone.</summary>
    public TwinChange Merge(TwinPatch? tags, TwinPatch? desired, DateTimeOffset at) => Checked(
        this with
        {
            Version = Version + 1,
            Revision = Revision + 1,
            Tags = tags is null ? Tags : TwinMerge.Values(Tags, tags.Json),
            Desired = desired is null ? Desired : Desired.Merge(desired, at, keepsVersions: true),
        },
        desired?.Json);

    /// <summary>The back end replaces all tags and all desired properties.</summary>
    public TwinChange Replace(TwinPatch tags, TwinPatch desired, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var next = this with
        {
            Version = Version + 1,
            Revision = Revision + 1,
            Tags = TwinMerge.Values(null, tags.Json),
            Desired = Desired.Replace(desired, at, keepsVersions: true),
        };
        return Checked(next, next.Desired.Values);
    }

    private static TwinChange Checked(Twin next, JsonElement? notice)
    {
        var fault = Check("tags", next.Tags, TwinLimits.MaxTagsSize)
            ?? Check("desired properties", next.Desired.Values, TwinLimits.MaxPropertiesSize)
            ?? Check("reported properties", next.Reported.Values, TwinLimits.MaxPropertiesSize);
        return fault is not null
            ? new TwinChange.Refused(fault)
            : new TwinChange.Changed(next, notice is { } patch ? new DesiredNotice(next.Desired.Version, patch) : null);
    }

    private static TwinFault? Check(string section, JsonElement values, int bound) => TwinSize.Of(values) is var size && size > bound
        ? new TwinFault(TwinFaultKind.TooLarge, $"The {section} would be {size} bytes; the bound is {bound}.")
        : null;
}
