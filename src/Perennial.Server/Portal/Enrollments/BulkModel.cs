using Perennial.Provisioning.Enrollments;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>What is asked before many enrollments are changed.</summary>
public sealed record BulkModel
{
    public required EnrollmentKind Kind { get; init; }

    /// <summary>enable, disable or delete.</summary>
    public required string Act { get; init; }

    public required long Count { get; init; }

    /// <summary>The first of them.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>What the form takes along: ids, or the filter.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; }

    /// <summary>The list to go back to.</summary>
    public required string Back { get; init; }

    /// <summary>Whom it touches; null for what takes access from nobody, and for more than are looked at.</summary>
    public ImpactModel? Impact { get; init; }

    /// <summary>What was wrong with the form.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether they are more than are looked at.</summary>
    public bool IsUnseen => Impact is null && Act != "enable";
}
