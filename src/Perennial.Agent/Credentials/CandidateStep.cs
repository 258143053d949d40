using System.Text.Json.Serialization;

namespace Perennial.Agent.Credentials;

/// <summary>How far the next credential is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CandidateStep>))]
internal enum CandidateStep
{
    /// <summary>Its place is taken; the key may or may not be there.</summary>
    KeyWanted,

    /// <summary>The key is there; a certificate has been or will be asked for.</summary>
    Requested,

    /// <summary>The certificate is there; the hub has not seen it.</summary>
    Issued,

    /// <summary>The hub has seen it or will at once, so it may have retired the one before: this one must not be dropped unless that one is seen to work.</summary>
    Testing,
}
