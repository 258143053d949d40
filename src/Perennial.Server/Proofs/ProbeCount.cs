using System.Globalization;
using System.Text.Json.Nodes;

namespace Perennial.Server.Proofs;

/// <summary>What was said of retired chains.</summary>
internal sealed class ProbeCount
{
    private readonly SortedDictionary<int, int> _refusals = [];
    private int _accepted;
    private int _unknown;

    public int Probed => _refusals.Values.Sum() + _accepted + _unknown;

    public void Note((bool IsRefused, int? Number)? verdict)
    {
        if (verdict is (true, { } number))
        {
            _refusals[number] = _refusals.GetValueOrDefault(number) + 1;
        }
        else if (verdict is null)
        {
            _unknown++;
        }
        else
        {
            _accepted++;
        }
    }

    public JsonObject ToJson() => new()
    {
        ["how"] = "The retired chain of a device, as it was last presented, was put to the attestation function when the report was made, as a registration or a connection would. No handshake was made with it: the service holds no key of a device.",
        ["probed"] = Probed,
        ["refused"] = _refusals.Values.Sum(),
        ["accepted"] = _accepted,
        ["notKept"] = _unknown,
        ["refusals"] = new JsonObject(_refusals.Select(refusal => KeyValuePair.Create(refusal.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)refusal.Value))),
    };
}
