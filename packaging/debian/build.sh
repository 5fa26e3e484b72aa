#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# usage: packaging/debian/build.sh TARBALL DIRECTORY
#
# Build the Debian package of a distribution tarball in a directory of its own; what is in it goes.
# DEBFULLNAME and DEBEMAIL say who packages.

set -eu
tarball=$1 directory=$2
name=$(basename "$tarball" .tar.gz)
version=${name#gatepost-}
maintainer="${DEBFULLNAME:-gatepost} <${DEBEMAIL:-packages@gatepost.invalid}>"

rm -rf "$directory"
mkdir -p "$directory"
tar -x -z -f "$tarball" -C "$directory"
cp "$tarball" "$directory/gatepost_$version.orig.tar.gz"
cd "$directory/$name"
cp -R packaging/debian debian
chmod -R u+w debian
rm debian/build.sh
sed "s|@maintainer@|$maintainer|" debian/control.in >debian/control
rm debian/control.in
# The date of the news, so that the same sources make the same package.
cat >debian/changelog <<-END
	gatepost ($version-1) unstable; urgency=medium

	  * Built from the sources of gatepost $version; the changelog has what changed.

	 -- $maintainer  $(LC_ALL=C date -u -R -r NEWS)
END
exec dpkg-buildpackage -us -uc -b
