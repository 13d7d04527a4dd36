#!/usr/bin/env bash
# A project that the package cannot serve gets one error, before the compiler finds a dozen: refusals.sh FEED PACKAGES, where FEED
# is the folder with the package and PACKAGES the one that it is unpacked to.
set -uo pipefail
feed=$1
packages=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$(dirname "$0")"/{GraphGen.Package.csproj,Program.cs} "$folder"
project=$folder/GraphGen.Package.csproj
failed=0

# refuses TITLE CODE WORDS: the project as it stands does not build, for one error of this code that says all these words.
refuses() {
    local title=$1 code=$2 log word
    shift 2
    rm -rf "$folder"/{obj,bin}
    log=$(dotnet build "$project" -p:RestoreAdditionalProjectSources="$feed" -p:RestorePackagesPath="$packages" -v q --nologo 2>&1)
    for word in " 1 Error(s)" "error $code: " "$@"; do
        if ! grep -qF -- "$word" <<< "$log"; then
            printf '%s: expected one error %s and "%s", got:\n%s\n' "$title" "$code" "$word" "$log"
            failed=1
            return
        fi
    done
    echo "$title: one error, $code"
}

sed -i 's#<TargetFramework .*#<TargetFramework>net10.0</TargetFramework><LangVersion>12</LangVersion>#' "$project"
refuses "an old C#" GG0014 "C# 13" "C# 12"

sed -i 's#<TargetFramework>.*#<TargetFramework>net8.0</TargetFramework>#' "$project"
refuses "an old framework" NU1202 "GraphGen" "not compatible with net8.0" "net9.0"

exit $failed
