using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Perennial.Hub.Tests.Fakes;
using Perennial.Hub.Twins;

namespace Perennial.Hub.Tests.Twins;

public sealed class TwinMergeProperties
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<string> Leaf = Gen.OneOf("1", "\"a\"", "true", "null", "[]", "[1,{\"a\":2}]", "-2.5", "{}");

    private static readonly Gen<string> Patches = Object(Gen.OneOf(Leaf, Object(Gen.OneOf(Leaf, Object(Leaf)))));

    [Fact]
    public void A_merge_is_what_the_standard_says() => Gen.Select(Patches, Patches).Sample((first, second) =>
    {
        var merged = Merge(Merge(Start(), first), second);
        var expected = Standard(Standard(new JsonObject(), first), second);
        return JsonNode.DeepEquals(JsonNode.Parse(merged.Values.GetRawText()), expected);
    });

    [Fact]
    public void The_same_patch_twice_changes_no_value_the_second_time() => Patches.Sample(patch =>
    {
        var once = Merge(Start(), patch);
        return JsonElement.DeepEquals(once.Values, Merge(once, patch).Values);
    });

    [Fact]
    public void Each_patch_moves_the_version_by_one() => Patches.Array[0, 5].Sample(patches =>
        patches.Aggregate(Start(), Merge).Version == 1 + patches.Length);

    [Fact]
    public void Metadata_has_the_shape_of_the_values() => Gen.Select(Patches, Patches).Sample((first, second) =>
    {
        var merged = Merge(Merge(Start(), first), second);
        return IsBeside(merged.Values, merged.Metadata);
    });

    [Fact]
    public void What_a_patch_does_not_name_keeps_its_time() => Patches.Sample(patch =>
    {
        var before = Merge(Start(), """{"kept":{"inner":1}}""");
        var after = before.Merge(Patch(patch), At.AddDays(1), keepsVersions: true);
        return after.Metadata.GetProperty("kept").GetRawText() == before.Metadata.GetProperty("kept").GetRawText()
            && after.Metadata.GetProperty("$lastUpdatedVersion").GetInt64() == after.Version;
    });

    [Fact]
    public void A_replacement_leaves_nothing_of_what_was_there() => Gen.Select(Patches, Patches).Sample((first, second) =>
        JsonElement.DeepEquals(
            Merge(Start(), first).Replace(Patch(second), At, keepsVersions: true).Values,
            Merge(Start(), second).Values));

    [Fact]
    public void Deleting_the_last_leaf_leaves_an_empty_object() =>
        Assert.Equal("""{"a":{}}""", Merge(Merge(Start(), """{"a":{"b":1}}"""), """{"a":{"b":null}}""").Values.GetRawText());

    private static bool IsBeside(JsonElement values, JsonElement metadata)
    {
        var names = metadata.EnumerateObject().Where(member => member.Name[0] != '$').Select(member => member.Name);
        return metadata.TryGetProperty("$lastUpdated", out _)
            && metadata.TryGetProperty("$lastUpdatedVersion", out _)
            && (values.ValueKind != JsonValueKind.Object
                ? !names.Any()
                : names.Order(StringComparer.Ordinal).SequenceEqual(values.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal)
                    && values.EnumerateObject().All(member => IsBeside(member.Value, metadata.GetProperty(member.Name))));
    }

    // RFC 7396, written down as it reads there.
    private static JsonObject Standard(JsonObject target, string patch)
    {
        foreach (var (name, value) in JsonNode.Parse(patch)!.AsObject())
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                target[name] = Standard(target[name]?.DeepClone() as JsonObject ?? [], inner.ToJsonString());
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }

        return target;
    }

    private static TwinSection Start() => TwinSection.Create(TwinPatch.Empty, At, keepsVersions: true);

    private static TwinSection Merge(TwinSection section, string patch) => section.Merge(Patch(patch), At, keepsVersions: true);

    private static TwinPatch Patch(string json) =>
        TwinPatch.TryCreate(World.Json(json), out var patch, out var fault) ? patch : throw new InvalidOperationException(fault.Message);

    private static Gen<string> Object(Gen<string> value) =>
        Gen.Select(Gen.OneOf("a", "b", "c"), value).Array[0, 4].Select(members =>
            $"{{{string.Join(',', members.DistinctBy(member => member.Item1).Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}");
}
