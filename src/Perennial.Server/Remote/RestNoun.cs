using System.Text.Json.Nodes;

namespace Perennial.Server.Remote;

/// <summary>One kind of object of the REST API: where it stands, how it is named in sentences, which member holds its id.</summary>
/// <param name="Word">As in sentences and on the command line: <c>enrollment-group</c>.</param>
/// <param name="Path">The first segment of its paths.</param>
/// <param name="IdMember">The member that holds its id.</param>
internal sealed record RestNoun(string Word, string Path, string IdMember)
{
    public static RestNoun Enrollment { get; } = new("enrollment", "enrollments", "registrationId");

    public static RestNoun Group { get; } = new("enrollment-group", "enrollmentGroups", "enrollmentGroupId");

    public static RestNoun Registration { get; } = new("registration", "registrations", "registrationId");

    public static RestNoun Certificate { get; } = new("certificate", "certificates", "name");

    public static RestNoun LinkedHub { get; } = new("linked-hub", "linkedHubs", "name");

    public static RestNoun Roll { get; } = new("roll", "rolls", "id");

    public static RestNoun Breach { get; } = new("breach", "breaches", "id");

    public static RestNoun Device { get; } = new("device", "devices", "deviceId");

    /// <summary>Whether its enrollments hold certificates that sign, not leaves.</summary>
    public bool HoldsSigners => this == Group;

    public ServiceRequest Get(string id) => Of(HttpMethod.Get, id, string.Empty);

    public ServiceRequest Put(string id, JsonNode body, string? ifMatch = null) => Of(HttpMethod.Put, id, string.Empty) with { Body = body, IfMatch = ifMatch };

    public ServiceRequest Delete(string id, string? ifMatch = null) => Of(HttpMethod.Delete, id, string.Empty) with { IfMatch = ifMatch };

    public ServiceRequest Post(string id, string act, JsonNode? body = null) => Of(HttpMethod.Post, id, act) with { Body = body };

    public ServiceRequest Of(HttpMethod method, string id, string below) => new(method, $"{Path}/{Uri.EscapeDataString(id)}{below}", Named(id))
    {
        Remedy = this == Registration || this == Device ? string.Empty : $"See them with: perennial {Word} list",
    };

    /// <summary>The list of all, page by page.</summary>
    public ServiceRequest List() => new(HttpMethod.Get, Path, $"the list of {Words}");

    /// <summary>Makes one whose id the service gives.</summary>
    public ServiceRequest Post(JsonNode body, string named) => new(HttpMethod.Post, Path, named) { Body = body };

    /// <summary>A query over all, page by page.</summary>
    public ServiceRequest Query(string text) =>
        new(HttpMethod.Post, $"{Path}/query", $"the list of {Words}") { Body = new JsonObject { ["query"] = text } };

    private string Words => this == Breach ? Path : $"{Word}s";

    public string Named(string id) => $"{Word} '{id}'";
}
