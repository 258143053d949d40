namespace Perennial.Server.Diagnosis;

/// <summary>What one check of a deployment found.</summary>
/// <param name="Level">How it stands.</param>
/// <param name="Subject">What was checked, in a few words.</param>
/// <param name="Sentence">What was found; for what is not right also what mends it.</param>
internal sealed record Finding(FindingLevel Level, string Subject, string Sentence)
{
    public static Finding Ok(string subject, string sentence) => new(FindingLevel.Ok, subject, sentence);

    public static Finding Warn(string subject, string sentence) => new(FindingLevel.Warn, subject, sentence);

    public static Finding Fail(string subject, string sentence) => new(FindingLevel.Fail, subject, sentence);
}

/// <summary>How what was checked stands.</summary>
internal enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and will not always.</summary>
    Warn,

    /// <summary>It does not work, or is not safe.</summary>
    Fail,
}
